() => {
  fm.openDialog = () => [...document.querySelectorAll("dialog[open], [role=dialog], [popover]:popover-open")].find((one) => one.checkVisibility());
  fm.openers = [...document.querySelectorAll("button[aria-haspopup=dialog], button[commandfor], button[popovertarget]")].filter((el) => fm.shown(el) && !el.closest("dialog, [role=dialog]"));
  return fm.openers.map((el) => ({ where: fm.where(el), planted: fm.planted(el) }));
}
