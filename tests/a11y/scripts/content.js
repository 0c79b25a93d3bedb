() => {
  const rows = [];
  const say = (rule, el, words) => rows.push(fm.row(`content:${rule}`, el, words));
  const all = (query) => [...document.querySelectorAll(query)].filter((el) => fm.shown(el));

  // Errors are read with their field.
  for (const error of document.querySelectorAll(".govuk-error-message, .nhsuk-error-message, [data-error-for]")) {
    const group = error.closest(".govuk-form-group, .nhsuk-form-group, [data-plant]") ?? error.parentElement;
    const fields = [...group.querySelectorAll("input:not([type=hidden]), select, textarea, fieldset")];
    const tied = fields.some((f) => `${f.getAttribute("aria-describedby") ?? ""} ${f.getAttribute("aria-errormessage") ?? ""}`.split(/\s+/).includes(error.id) && error.id);
    if (fields.length && !tied) say("error-not-tied", error, "is near its field, but not tied to it");
  }
  // Words of one language in a page of the other.
  const signs = { cy: /\b(mae|yn|yr|wedi|ddim|gyda|hyn|eich|ein|gan|nid|rhaid|chi|neu|ysbyty|gwasanaeth|tudalen|iechyd)\b/gi,
                  en: /\b(the|and|of|is|are|with|your|this|that|must|you|was|from|which|have|been)\b/gi };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const judged = new Set();
  while (walker.nextNode()) {
    const el = walker.currentNode.parentElement;
    if (!el || judged.has(el) || el.closest("script, style, code, svg, [translate=no]") || !el.checkVisibility()) continue;
    judged.add(el);
    const words = el.textContent.trim();
    if (words.length > 400) continue;
    const told = (el.closest("[lang]")?.lang ?? "en").slice(0, 2);
    const other = told === "cy" ? "en" : "cy";
    const [theirs, ours] = [new Set(words.toLowerCase().match(signs[other]) ?? []), new Set(words.toLowerCase().match(signs[told] ?? signs.en) ?? [])];
    if (theirs.size >= 3 && theirs.size > 2 * ours.size) say("language-of-parts", el, `reads as “${other}” but is marked “${told}”`);
  }
  // The skip link leads somewhere.
  for (const link of document.querySelectorAll("a[href^='#']")) {
    const to = decodeURIComponent(link.hash.slice(1));
    if (to && !document.getElementById(to)) say("dead-link-within", link, `leads to #${to}, which is not here`);
  }
  const first = document.querySelector("a[href], button, input:not([type=hidden])");
  if (!first?.matches("a[href^='#']")) say("skip-link", first, "is the first stop, where the skip link should be");
  // Links that say nothing alone.
  for (const link of all("a[href]")) {
    if (/^(click here|here|more|read more|link|yma|cliciwch yma|mwy)$/i.test(link.textContent.trim())) say("vague-link", link, "says nothing when read alone");
  }
  // A canvas says nothing of itself, and the tree leaves a nameless one out.
  for (const canvas of all("canvas")) {
    if (!canvas.closest("[aria-hidden=true]") && !canvas.ariaLabel && !canvas.getAttribute("aria-labelledby") && !canvas.title) say("nameless-canvas", canvas, "has no name");
  }
  // Tables of data have headings.
  for (const table of all("table")) {
    if (table.getAttribute("role") !== "presentation" && !table.querySelector("th")) say("table-headings", table, "has no heading cells");
  }
  // What can be dragged can also be done by button.
  for (const el of all("[draggable=true]")) {
    if (!el.querySelector("button, a[href], select") && !el.matches("a[href], button")) say("drag-only", el, "can be dragged, and there is no button that does the same");
  }
  // Paste works.
  for (const field of all("input:not([type=hidden], [type=checkbox], [type=radio], [type=file]), textarea")) {
    const event = new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: new DataTransfer() });
    if (!field.dispatchEvent(event)) say("paste-blocked", field, "refuses paste, and with it password managers");
    const known = { email: "email", "tel": "tel", postcode: "postal-code", name_of_person: "name", login: "email", code: "one-time-code" };
    const wanted = known[field.name] ?? (field.type === "email" ? "email" : field.type === "password" ? "password" : "");
    if (wanted && !(field.autocomplete ?? "").includes(wanted) && field.autocomplete !== "off" && field.autocomplete !== "one-time-code") say("autocomplete", field, `asks the person's ${wanted} without saying so to the browser`);
    const style = getComputedStyle(field);
    const ground = fm.ground(field.parentElement);
    if (ground && parseFloat(style.borderBottomWidth) > 0 && style.borderBottomStyle !== "none") {
      const ratio = fm.contrast(style.borderBottomColor, ground);
      if (ratio < 3) say("field-border", field, `has a border of contrast ${ratio.toFixed(2)}`);
    }
  }
  // Forms work without scripts.
  for (const form of all("form")) {
    const sends = [...form.elements].some((el) => el.matches("button:not([type=button], [type=reset]), input[type=submit], input[type=image]"));
    const elsewhere = form.id && document.querySelector(`button[form="${CSS.escape(form.id)}"]:not([type=button])`);
    if (!sends && !elsewhere) say("needs-scripts", form, "cannot be sent without scripts: it has no submit button");
    if (/^javascript:/i.test(form.getAttribute("action") ?? "")) say("needs-scripts", form, "is sent by a script");
  }
  // Nothing comes from elsewhere.
  for (const entry of performance.getEntriesByType("resource")) {
    if (!entry.name.startsWith(location.origin) && !/^(data|blob):/.test(entry.name)) rows.push({ rule: "content:third-party", where: entry.name.slice(0, 80), says: "is fetched from elsewhere", planted: entry.name.includes("planted") });
  }
  if (!document.title.trim()) say("title", document, "has no title");
  return rows;
}
