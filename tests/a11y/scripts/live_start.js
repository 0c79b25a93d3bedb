() => {
  // Buttons that say their own state (expanded, pressed, a tab) announce themselves.
  fm.pressed = [...document.querySelectorAll("main button[type=button]")].filter((el) => fm.shown(el) && !el.disabled
    && !el.matches("[aria-expanded], [aria-pressed], [aria-haspopup], [role=tab], [popovertarget], [commandfor], .govuk-file-upload-button, .nhsuk-file-upload__drop-button"));
  return fm.pressed.length;
}
