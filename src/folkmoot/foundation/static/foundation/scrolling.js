// A table that fits needs no stop for the keyboard: keep it only while there is something to scroll.
const fit = (box) => {
  if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.setAttribute("tabindex", "0");
  else box.removeAttribute("tabindex");
};
const watch = new ResizeObserver((entries) => new Set(entries.map((entry) => entry.target.closest(".fm-scroll"))).forEach(fit));
// The table is watched too: letters that arrive late widen it while its box stays as it is.
const all = () => document.querySelectorAll(".fm-scroll, .fm-scroll > *").forEach((part) => watch.observe(part));
all();
document.addEventListener("htmx:after:swap", all);
