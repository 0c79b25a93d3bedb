(steps) => {
  const rows = [];
  const walked = steps.map((index) => fm.stops[index]);
  const reached = new Set(walked);
  const wanted = [...document.querySelectorAll("a[href], button:not(:disabled), input:not(:disabled, [type=hidden]), select:not(:disabled), textarea:not(:disabled), summary, [tabindex], [contenteditable=true]")]
    .filter((el) => el.tabIndex >= 0 && el.checkVisibility({ visibilityProperty: true }) && !el.closest("[inert], dialog:not([open])") && !(el.tagName === "SUMMARY" && el !== el.parentElement.querySelector("summary")));
  for (const el of wanted) {
    if (reached.has(el)) continue;
    if (el.type === "radio" && wanted.some((other) => other.type === "radio" && other.name === el.name && reached.has(other))) continue;
    rows.push(fm.row("keyboard:never-reached", el, "was not reached by Tab"));
  }
  for (let n = 1; n < walked.length; n++) {
    const [before, after] = [walked[n - 1], walked[n]];
    if (!(before.compareDocumentPosition(after) & Node.DOCUMENT_POSITION_FOLLOWING)) rows.push(fm.row("keyboard:order", after, `comes after ${fm.where(before)}, against the order of the document`));
    // The eye's order, judged among neighbours only: columns side by side have no one order.
    const group = (el) => el.closest("ul, ol, form, nav, fieldset, [role=group], [data-plant]");
    if (group(before) && group(before) === group(after)) {
      const [one, two] = [before.getBoundingClientRect(), after.getBoundingClientRect()];
      const sameRow = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > 0.5 * Math.min(one.height, two.height);
      const rtl = getComputedStyle(after).direction === "rtl";
      if ((sameRow && (rtl ? two.left > one.left + 2 : two.left < one.left - 2)) || (!sameRow && two.bottom < one.top)) rows.push(fm.row("keyboard:visual-order", after, `stands before ${fm.where(before)} for the eye and after it for the keyboard`));
    }
  }
  return rows;
}
