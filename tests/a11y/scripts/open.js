() => {
  const closed = [...document.querySelectorAll("details:not([open])")];
  for (const one of closed) { one.open = true; one.dataset.fmOpened = ""; }
  return closed.length;
}
