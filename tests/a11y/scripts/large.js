() => {
  const rows = [];
  const holders = [...document.body.querySelectorAll("*")].filter((el) =>
    [...el.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 1) && fm.shown(el) && !fm.unseen(el) && !el.closest("svg, option"));
  const cut = (el) => {
    for (let at = el; at && at !== document.body; at = at.parentElement) {
      const style = getComputedStyle(at);
      if (at.matches("textarea, select, input")) return null;
      const hides = ["hidden", "clip"];
      if ((hides.includes(style.overflowX) && at.scrollWidth > at.clientWidth + 2) || (hides.includes(style.overflowY) && at.scrollHeight > at.clientHeight + 2)) return at;
    }
    return null;
  };
  const before = new Map(holders.map((el) => [el, cut(el)]));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }");
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  for (const el of holders) {
    const box = cut(el);
    if (box && !before.get(el)) rows.push(fm.row("layout:clipped", el, `is cut off by ${fm.where(box)} when text is spaced out`));
  }
  sheet.replaceSync("");
  const sizes = holders.map((el) => parseFloat(getComputedStyle(el).fontSize));
  document.documentElement.style.setProperty("font-size", "200%", "important");
  holders.forEach((el, n) => {
    const grown = parseFloat(getComputedStyle(el).fontSize) / sizes[n];
    if (grown < 1.5) rows.push(fm.row("layout:text-size", el, `grows ${grown.toFixed(2)} times when the person doubles the text`));
  });
  document.documentElement.style.removeProperty("font-size");
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  return rows;
}
