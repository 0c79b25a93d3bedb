() => [...document.querySelectorAll(".fm-scroll")].every(
  (box) => box.tabIndex >= 0 || (box.scrollWidth <= box.clientWidth && box.scrollHeight <= box.clientHeight),
)
