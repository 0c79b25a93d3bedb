() => {
  for (const one of document.querySelectorAll("details[data-fm-opened]")) { one.open = false; delete one.dataset.fmOpened; }
}
