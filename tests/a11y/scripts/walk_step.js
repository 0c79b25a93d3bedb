() => {
  const el = document.activeElement;
  if (!el || el === document.body || el === document.documentElement) return { index: -1 };
  const rows = [];
  const box = el.getBoundingClientRect();
  const points = [[0.5, 0.5], [0.1, 0.2], [0.9, 0.2], [0.1, 0.8], [0.9, 0.8]].map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
  const mine = (at) => at && (el.contains(at) || at.contains(el) && at !== document.body && at !== document.documentElement && !at.matches("main, div, section, form, header, footer") || [...(el.labels ?? [])].some((label) => label.contains(at)));
  if (box.width * box.height > 0 && el.tagName !== "IFRAME") {
    const seen = points.map(([x, y]) => document.elementFromPoint(x, y));
    if (!seen.some(mine)) {
      const over = seen.find(Boolean);
      rows.push(fm.row("keyboard:covered", el, over ? `is covered by ${fm.where(over)}` : "is outside the window when it has the focus"));
      if (over && fm.planted(over)) rows[rows.length - 1].planted = true;
    }
  }
  if (fm.unseen(el) && !el.labels?.length) rows.push(fm.row("keyboard:unseen-stop", el, "has the focus and cannot be seen"));
  const style = getComputedStyle(el);
  const ground = fm.ground(el);
  if (ground && el.textContent.trim() && !el.matches("select, textarea") && el.children.length === 0) {
    const ratio = fm.contrast(style.color, ground);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5)) rows.push(fm.row("keyboard:focus-contrast", el, `has text of contrast ${ratio.toFixed(2)} while it has the focus`));
  }
  const now = fm.look(el);
  el.blur();
  const without = fm.look(el);
  el.focus({ preventScroll: true, focusVisible: true });
  return {
    index: fm.number(el), where: fm.where(el), planted: fm.planted(el), findings: rows, changes: now !== without,
    box: { x: box.x, y: box.y, width: box.width, height: box.height },
  };
}
