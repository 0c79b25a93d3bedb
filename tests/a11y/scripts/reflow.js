() => {
  const rows = [];
  const free = (el) => el.closest(".fm-scroll, .fm-map__canvas, svg, [data-two-dimensional]");
  for (const el of document.body.querySelectorAll("*")) {
    if (free(el) || !fm.shown(el) || fm.unseen(el)) continue;
    const box = el.getBoundingClientRect();
    if (box.right > innerWidth + 1.5 || box.left < -1.5) rows.push(fm.row("layout:reflow", el, `reaches from ${box.left.toFixed()} to ${box.right.toFixed()} of ${innerWidth} pixels`));
  }
  if (document.scrollingElement.scrollWidth > innerWidth + 1) rows.push(fm.row("layout:reflow", document, `the page scrolls sideways to ${document.scrollingElement.scrollWidth}`));
  return rows;
}
