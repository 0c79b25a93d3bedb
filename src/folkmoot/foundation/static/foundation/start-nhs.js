// Start NHS components, also in what htmx brings later.
import { initAll } from "../nhsuk/nhsuk-frontend.min.js";
import "./saying.js";
import "./scrolling.js";

// The NHS drop zone's name leaves out words it shows (WCAG 2.5.3) and speaks English only; the browser's own file field does neither.
const plain = (scope) => scope.querySelectorAll("[data-module=nhsuk-file-upload]").forEach((box) => box.removeAttribute("data-module"));

plain(document);
initAll();
document.addEventListener("htmx:after:swap", (event) => {
  plain(event.target);
  initAll({ scope: event.target });
});
