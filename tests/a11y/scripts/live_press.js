async (index) => {
  const button = fm.pressed[index];
  if (!button.isConnected) return [];
  const rows = [];
  const region = (el) => el?.closest?.("[role=status], [role=alert], [role=log], [aria-live=polite], [aria-live=assertive], output, progress");
  const changes = [];
  const observer = new MutationObserver((list) => changes.push(...list));
  const own = button.closest("[data-plant]");
  const plantedFirst = (row) => ({ ...row, planted: row.planted || Boolean(own) });
  button.focus();
  observer.observe(document.body, { childList: true, subtree: true, characterData: true });
  button.click();
  await new Promise((done) => setTimeout(done, 120));
  observer.disconnect();
  const focused = document.activeElement;
  if (!button.isConnected && (focused === document.body || !focused)) rows.push(plantedFirst(fm.row("live:focus-lost", document.body, "the focus is nowhere after the button it was on has gone")));
  for (const change of changes) {
    const at = change.target.nodeType === 1 ? change.target : change.target.parentElement;
    for (const added of change.addedNodes) {
      if (added.nodeType === 1 && region(added) === added && added.textContent.trim() && added.matches("[role=status], [role=alert], [aria-live]")) rows.push(plantedFirst(fm.row("live:born-full", added, "was added with its words in it, so they may never be said")));
      const words = added.textContent?.trim();
      const el = added.nodeType === 1 ? added : at;
      if (words && el?.isConnected && !region(el) && !el.querySelector?.("[role=status], [role=alert], [aria-live]") && !el.contains(focused) && fm.shown(el)) rows.push(plantedFirst(fm.row("live:silent", el, "changed without being said")));
    }
    if (change.type === "characterData" && at?.isConnected && !region(at) && !button.contains(at) && fm.shown(at)) rows.push(plantedFirst(fm.row("live:silent", at, "changed without being said")));
  }
  return rows;
}
