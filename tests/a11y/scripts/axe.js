async ([tags, rules, inner]) => {
  const pageOnly = ["region", "landmark-one-main", "page-has-heading-one", "bypass", "skip-link"];
  const asked = {
    runOnly: rules ? { type: "rule", values: rules } : { type: "tag", values: tags },
    rules: { "target-size": { enabled: true } },
    resultTypes: ["violations", "incomplete"], elementRef: true,
  };
  if (rules) delete asked.rules;
  if (inner && !rules) for (const rule of pageOnly) asked.rules[rule] = { enabled: false };
  // A frame is looked at from within, so axe need not send messages to it.
  asked.iframes = false;
  const found = await axe.run(document, asked);
  const rows = [];
  const say = (results, kind) => {
    for (const result of results) for (const node of result.nodes) {
      rows.push(fm.row(kind + result.id, node.element, `${result.help} ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ""}`.trim()));
    }
  };
  say(found.violations, "axe:");
  say(found.incomplete, "incomplete:");
  const dialogs = [...document.querySelectorAll("dialog:not([open])")];
  for (const dialog of dialogs) {
    dialog.showModal();
    const within = await axe.run(dialog, asked);
    say(within.violations, "axe:");
    say(within.incomplete, "incomplete:");
    dialog.close();
  }
  return rows;
}
