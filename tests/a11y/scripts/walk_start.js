() => {
  fm.stops = [];
  fm.numbers = new WeakMap();
  fm.number = (el) => {
    if (!fm.numbers.has(el)) { fm.numbers.set(el, fm.stops.length); fm.stops.push(el); }
    return fm.numbers.get(el);
  };
  // What may show the focus: the control, its label (whose ::before is drawn as the box), its wrapper.
  fm.faces = (el) => {
    const looks = [[el, null], [el, "::before"], [el, "::after"], [el.parentElement, null]];
    for (const label of el.labels ?? []) looks.push([label, null], [label, "::before"], [label, "::after"]);
    return looks.filter(([one]) => one);
  };
  const PARTS = ["outlineStyle", "outlineWidth", "outlineColor", "boxShadow", "backgroundColor", "borderTopColor", "borderTopWidth", "borderBottomColor", "borderBottomWidth", "textDecorationLine", "textDecorationThickness", "color"];
  const clear = /^(rgba\(0, 0, 0, 0\)|transparent)$/;
  fm.look = (el) => fm.faces(el).map(([one, pseudo]) => {
    const style = getComputedStyle(one, pseudo);
    const parts = Object.fromEntries(PARTS.map((name) => [name, style[name]]));
    // An outline that nobody can see is no outline.
    if (style.outlineStyle === "none" || clear.test(style.outlineColor) || parseFloat(style.outlineWidth) < 1) parts.outlineStyle = parts.outlineWidth = parts.outlineColor = "none";
    return Object.values(parts).join("|");
  }).join("||");
  document.activeElement?.blur?.();
  getSelection().removeAllRanges();
  scrollTo(0, 0);
  // Start from the very top.
  const start = document.createElement("span");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
}
