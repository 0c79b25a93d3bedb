() => {
  const control = "a[href], button, input, select, textarea, summary, label, option, [role=button], [role=link], [role=tab], [role=menuitem], [tabindex]:not([tabindex=\"-1\"]), canvas";
  fm.candidates = [...document.body.querySelectorAll(":is(div, span, li, td, tr, p, img, section, article, h2, h3):not([data-module])")]
    .filter((el) => fm.shown(el) && !el.closest(control) && !el.querySelector(control) && !el.closest(".fm-map__canvas")).slice(0, 400);
  return [];
}
