// Before the page is drawn: say that scripts run, so that components that need them may show themselves.
document.documentElement.classList.add("fm-scripts");
document.addEventListener("DOMContentLoaded", () => {
  document.body.classList.add("js-enabled", "govuk-frontend-supported", "nhsuk-frontend-supported");
});
