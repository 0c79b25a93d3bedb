() => {
  fm.homemade = [...document.querySelectorAll("[role=button], [role=link], [role=switch], [role=checkbox]")].filter((el) => fm.shown(el) && el.tabIndex >= 0 && !el.matches("a[href], button, input, summary"));
  fm.listenTo = (index) => {
    const el = fm.homemade[index];
    fm.effect = false;
    const mark = () => { fm.effect = true; };
    fm.watchers?.forEach((stop) => stop());
    const observer = new MutationObserver(mark);
    observer.observe(document.documentElement, { childList: true, subtree: true, attributes: true, characterData: true });
    const keyed = (event) => setTimeout(() => event.defaultPrevented && mark());
    el.addEventListener("click", mark);
    document.addEventListener("keydown", keyed);
    fm.watchers = [() => observer.disconnect(), () => el.removeEventListener("click", mark), () => document.removeEventListener("keydown", keyed)];
    el.focus();
    observer.takeRecords();
  };
  fm.heard = async (index) => {
    await new Promise((done) => setTimeout(done, 30));
    fm.watchers.forEach((stop) => stop());
    return { heard: fm.effect || document.activeElement !== fm.homemade[index], where: fm.where(fm.homemade[index]), planted: fm.planted(fm.homemade[index]) };
  };
  return fm.homemade.length;
}
