() => document.getAnimations()
  .filter((one) => one.playState === "running" && one.effect?.getComputedTiming().activeDuration > 200)
  .map((one) => fm.row("layout:motion", one.effect.target, "moves although the person asked for less motion"))
