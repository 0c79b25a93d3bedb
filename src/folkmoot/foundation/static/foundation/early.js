// The first thing in the body: say that scripts run, so that components that need them show themselves before they are drawn.
document.documentElement.classList.add("fm-scripts");
document.body.classList.add("js-enabled", "govuk-frontend-supported", "nhsuk-frontend-supported");
