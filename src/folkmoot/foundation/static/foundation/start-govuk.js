// Start GOV.UK components, also in what htmx brings later.
import { initAll } from "../govuk/govuk-frontend.min.js";
import "./saying.js";
import "./scrolling.js";

initAll();
document.addEventListener("htmx:after:swap", (event) => initAll({ scope: event.target }));
