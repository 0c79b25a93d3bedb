// A table that fits needs no stop for the keyboard: keep it only while there is something to scroll.
const fit = (box) => {
  if (box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight) box.setAttribute("tabindex", "0");
  else box.removeAttribute("tabindex");
};
const watch = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));
const all = () => document.querySelectorAll(".fm-scroll").forEach((box) => watch.observe(box));
all();
document.addEventListener("htmx:after:swap", all);
