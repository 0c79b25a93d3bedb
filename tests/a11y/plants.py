# ruff: noqa: E501 – a planted fault reads best on one line
"""Faults to plant in real pages, each with the rule that must catch it.

Each is a script that changes the page. What it changes carries `data-plant`, so that a catch elsewhere does not count.
The twin is the same page unplanted, on which every check must be silent.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Plant:
    """A fault: its name, the rule meant for it, the check that has the rule, and how it is planted."""

    name: str
    rule: str
    check: str
    script: str


# Puts markup at the end of the main part, marked as planted, and hands over the first element.
_PUT = """
const put = (html) => {
  const box = document.createElement("div");
  box.dataset.plant = "";
  box.innerHTML = html;
  document.querySelector("main").append(box);
  return box.firstElementChild;
};
const style = (el, parts) => { for (const [name, value] of Object.entries(parts)) el.style.setProperty(name, value, "important"); };
"""


def _plant(name: str, rule: str, script: str, check: str = "") -> Plant:
    prefix = rule.split(":")[0]
    return Plant(name, rule, check or {"incomplete": "axe"}.get(prefix, prefix), f"() => {{ {_PUT} {script} }}")


def _sheet(css: str) -> str:
    return (
        "const sheet = new CSSStyleSheet(); "
        f"sheet.replaceSync(`{css}`); document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];"
    )


PLANTS = (
    _plant("a field without a label", "axe:label", 'put(`<input name="x">`);'),
    _plant(
        "an icon button without a name",
        "axe:button-name",
        "put(`<button type=button><svg aria-hidden=true></svg></button>`);",
    ),
    _plant(
        "a picture without alt", "axe:image-alt", "put(`<img src='/static/foundation/mark.svg' width=40 height=40>`);"
    ),
    _plant(
        "a chart with role img and no name",
        "axe:svg-img-alt",
        "put(`<svg role=img width=50 height=50><rect width=50 height=50 /></svg>`);",
    ),
    _plant(
        "grey text on white",
        "axe:color-contrast",
        'const p = put(`<p>Hard to read</p>`); style(p, {color: "#999999", background: "#ffffff"});',
    ),
    _plant(
        "text over a gradient",
        "incomplete:color-contrast",
        'const p = put(`<p>Over a gradient</p>`); style(p, {background: "linear-gradient(90deg, white, black)"});',
    ),
    _plant("a heading level skipped", "axe:heading-order", "put(`<h4>Four after one</h4>`);"),
    _plant("a positive tabindex", "axe:tabindex", "put(`<a href='#main' tabindex=3>First, please</a>`);"),
    _plant(
        "a target of 16 pixels",
        "axe:target-size",
        "const b = put(`<span><button type=button aria-label=One>1</button><button type=button aria-label=Two>2</button></span>`);"
        'b.querySelectorAll("button").forEach((one) => style(one, {width: "16px", height: "16px", padding: "0", margin: "0", border: "0", "min-height": "0", display: "inline-block"}));',
    ),
    _plant(
        "zoom forbidden",
        "axe:meta-viewport",
        'const meta = document.querySelector("meta[name=viewport]"); meta.content = "width=device-width, user-scalable=no"; meta.dataset.plant = "";',
    ),
    _plant(
        "a focusable link in what is hidden from the tree",
        "axe:aria-hidden-focus",
        "put(`<div aria-hidden=true><a href='#main'>Hidden but focusable</a></div>`);",
    ),
    _plant(
        "a fault that shows on a phone only",
        "axe:color-contrast",
        _sheet("@media (max-width: 400px) { .planted { color: #8a8a8a !important; background: #ffffff !important; } }")
        + "put(`<p class=planted>Narrow</p>`);",
    ),
    _plant(
        "a fault that shows in the dark only",
        "axe:color-contrast",
        _sheet(
            "@media (prefers-color-scheme: dark) { .planted { color: #333 !important; background: #12161a !important; } }"
        )
        + "put(`<p class=planted>Dark</p>`);",
    ),
    _plant("a fault in a closed dialog", "axe:label", "put(`<dialog aria-label=Planted><input name=y></dialog>`);"),
    _plant(
        "a fault in closed details",
        "axe:button-name",
        "put(`<details><summary>More</summary><button type=button></button></details>`);",
    ),
    _plant(
        "a fault in a frame",
        "axe:label",
        "const f = put(`<iframe title=Frame></iframe>`); f.contentDocument.body.innerHTML = '<input name=z>'; f.contentDocument.documentElement.lang = 'en'; f.contentDocument.title = 'Frame';",
    ),
    _plant("a canvas without a name", "content:nameless-canvas", "put(`<canvas width=40 height=40></canvas>`);"),
    _plant(
        "a drawing without role or name",
        "tree:nameless-picture",
        "put(`<svg width=50 height=50><rect width=50 height=50 /></svg>`);",
    ),
    _plant("a placeholder as the only label", "tree:placeholder", "put(`<input placeholder='Postcode'>`);"),
    _plant(
        "a picture named after its file",
        "tree:file-name",
        "put(`<img alt='DSC_0042.png' src='/static/foundation/mark.svg' width=40 height=40>`);",
    ),
    _plant("a second first-level heading", "tree:one-h1", "put(`<h1>Also first</h1>`);"),
    _plant(
        "a nameless field behind a closed shadow",
        "tree:no-name",
        "const s = put(`<div></div>`).attachShadow({mode: 'closed'}); s.innerHTML = '<input>';",
    ),
    _plant(
        "a trap",
        "keyboard:trap",
        "const i = put(`<input aria-label=Trap>`); i.addEventListener('keydown', (e) => { if (e.key === 'Tab') e.preventDefault(); });",
    ),
    _plant(
        "an outline taken away",
        "keyboard:focus-invisible",
        "put(`<button type=button class=planted>No outline</button>`);"
        + _sheet(
            ".fm-page .planted:focus { outline: none !important; box-shadow: none !important; background: #dddddd !important; color: #000000 !important; } .planted { background: #dddddd !important; color: #000000 !important; }"
        ),
    ),
    _plant(
        "a focus under a bar",
        "keyboard:covered",
        "put(`<div>${'<p>Space</p>'.repeat(3)}<a href='#main'>Under the bar</a></div>`);"
        "const bar = document.createElement('div'); bar.dataset.plant = ''; document.body.append(bar);"
        'style(bar, {position: "fixed", inset: "45% 0 0 0", background: "black", "z-index": "9"});',
    ),
    _plant(
        "unreadable while focused",
        "keyboard:focus-contrast",
        "put(`<button type=button class=planted>Fades</button>`);"
        + _sheet(".fm-page .planted:focus { color: #ffee99 !important; background: #ffdd00 !important; }"),
    ),
    _plant(
        "order turned round for the eye",
        "keyboard:visual-order",
        "const d = put(`<div><button type=button>First</button><button type=button>Second</button></div>`); style(d, {display: 'flex', 'flex-direction': 'row-reverse'});",
    ),
    _plant(
        "a clickable box",
        "keyboard:unreachable",
        "const d = put(`<div>Press me</div>`); d.addEventListener('click', () => { d.title = 'pressed'; });",
    ),
    _plant(
        "a home-made button deaf to keys",
        "keyboard:deaf",
        "const d = put(`<div role=button tabindex=0>Press me</div>`); d.addEventListener('click', () => { d.title = 'pressed'; });",
    ),
    _plant(
        "focus not given back by a dialog",
        "keyboard:focus-return",
        "const b = put(`<div><button type=button aria-haspopup=dialog>Open</button><div role=dialog aria-label=Box hidden><button type=button>In</button></div></div>`).parentElement;"
        "const [open, box] = [b.querySelector('[aria-haspopup]'), b.querySelector('[role=dialog]')];"
        "open.addEventListener('click', () => { box.hidden = false; box.querySelector('button').focus(); });"
        "box.addEventListener('keydown', (e) => { if (e.key === 'Escape') { box.hidden = true; document.activeElement.blur(); } });",
    ),
    _plant(
        "a dialog that leaves the focus behind it",
        "keyboard:focus-behind",
        "const b = put(`<div><button type=button aria-haspopup=dialog>Open</button><div role=dialog aria-label=Box hidden><button type=button>In</button></div></div>`).parentElement;"
        "const [open, box] = [b.querySelector('[aria-haspopup]'), b.querySelector('[role=dialog]')];"
        "open.addEventListener('click', () => { box.hidden = false; });"
        "document.addEventListener('keydown', (e) => { if (e.key === 'Escape') box.hidden = true; });",
    ),
    _plant("a box of 1200 pixels", "layout:reflow", 'const d = put(`<div>Wide</div>`); style(d, {width: "1200px"});'),
    _plant(
        "a box of 1200 pixels, its overflow hidden",
        "layout:reflow",
        'const d = put(`<div>Wide</div>`); style(d, {width: "1200px"}); style(document.body, {"overflow-x": "hidden"}); style(document.documentElement, {"overflow-x": "hidden"});',
    ),
    _plant(
        "text cut off when spaced out",
        "layout:clipped",
        'const p = put(`<p>These words just fit their box</p>`); style(p, {display: "inline-block", overflow: "hidden", "white-space": "nowrap"}); const w = p.getBoundingClientRect(); style(p, {width: w.width + "px", height: w.height + "px"});',
    ),
    _plant("text in pixels", "layout:text-size", 'const p = put(`<p>Fixed</p>`); style(p, {"font-size": "19px"});'),
    _plant(
        "endless motion",
        "layout:motion",
        "put(`<p>Spins</p>`).animate([{transform: 'none'}, {transform: 'rotate(5deg)'}], {duration: 900, iterations: Infinity});",
    ),
    _plant(
        "an error not tied to its field",
        "content:error-not-tied",
        "put(`<div class=govuk-form-group><label for=q>Beds</label><p class=govuk-error-message id=q-error>Enter a number</p><input id=q></div>`);",
    ),
    _plant(
        "Welsh not marked as Welsh",
        "content:language-of-parts",
        "put(`<p>Mae eich ysbyty yn gweithio gyda gwasanaeth iechyd y dref, ac mae hyn wedi newid.</p>`);",
    ),
    _plant("a dead skip link", "content:dead-link-within", "put(`<a href='#nowhere'>Skip to the results</a>`);"),
    _plant("a link that says nothing", "content:vague-link", "put(`<a href='/privacy/'>click here</a>`);"),
    _plant(
        "a table without headings",
        "content:table-headings",
        "put(`<table><tr><td>Ward</td><td>Beds</td></tr><tr><td>A</td><td>4</td></tr></table>`);",
    ),
    _plant("only dragging", "content:drag-only", "put(`<div draggable=true>Move me to a bed</div>`);"),
    _plant(
        "paste blocked",
        "content:paste-blocked",
        "put(`<input aria-label=Code>`).addEventListener('paste', (e) => e.preventDefault());",
    ),
    _plant(
        "a faint border around a field",
        "content:field-border",
        'style(put(`<input aria-label=Faint>`), {border: "1px solid #d9d9d9", background: "#ffffff"});',
    ),
    _plant(
        "a password field that does not say so",
        "content:autocomplete",
        "put(`<label>Password <input type=password name=p></label>`);",
    ),
    _plant(
        "a form that needs scripts",
        "content:needs-scripts",
        "put(`<form><label>Ward <input></label><button type=button>Send</button></form>`);",
    ),
    _plant(
        "a region born with its words",
        "live:born-full",
        "const b = put(`<button type=button>Save</button>`); b.addEventListener('click', () => { b.insertAdjacentHTML('afterend', '<p role=status>Saved</p>'); });",
    ),
    _plant(
        "a silent change",
        "live:silent",
        "const b = put(`<button type=button>Count</button>`); b.insertAdjacentHTML('afterend', '<p>0 beds</p>'); b.addEventListener('click', () => { b.nextElementSibling.textContent = '3 beds'; });",
    ),
    _plant(
        "a focus that is lost",
        "live:focus-lost",
        "const b = put(`<p><button type=button>Remove</button></p>`).firstElementChild; b.addEventListener('click', () => b.remove());",
    ),
)
