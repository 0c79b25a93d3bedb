"""The accessibility tree as the browser gives it to assistive technology (CDP `Accessibility.getFullAXTree`).

Every control and picture has a name that is no placeholder and no file's; one first-level heading; no level skipped.
"""

import re
from typing import Any

from playwright.sync_api import Page

from tests.a11y.finding import Finding

CONTROLS = {
    "button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "switch", "slider", "spinbutton",
    "listbox", "menuitem", "tab", "Date", "InputTime", "ColorWell", "treeitem", "gridcell",
}  # fmt: skip
PICTURES = {"img", "image", "Canvas", "figure", "SvgRoot"}
_FILE = re.compile(r"\.(png|jpe?g|gif|svg|webp)$", re.IGNORECASE)


def _value(node: dict[str, Any], key: str) -> Any:
    return node.get(key, {}).get("value", "")


def _property(node: dict[str, Any], name: str) -> Any:
    return next((p["value"].get("value") for p in node.get("properties", []) if p["name"] == name), None)


def nodes(page: Page) -> list[dict[str, Any]]:
    """Every node that assistive technology is told of, in order."""
    session = page.context.new_cdp_session(page)
    try:
        tree = session.send("Accessibility.getFullAXTree")["nodes"]
    finally:
        session.detach()
    return [node for node in tree if not node.get("ignored")]


def check(page: Page) -> list[Finding]:
    """Names, headings, placeholders, file names."""
    session = page.context.new_cdp_session(page)
    tree = [node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]
    findings = []

    def say(rule: str, node: dict[str, Any], words: str) -> None:
        where, planted = _place(session, node)
        findings.append(Finding(rule, where, words, planted))

    last = 0
    tops = []
    for node in tree:
        role, name = _value(node, "role"), str(_value(node, "name")).strip()
        if role in CONTROLS and not name:
            say("tree:no-name", node, f"a {role} without a name")
        if role in PICTURES and role != "figure" and not name:
            say("tree:nameless-picture", node, f"a {role} without a name, and not marked as decoration")
        if role in PICTURES and _FILE.search(name):
            say("tree:file-name", node, f"named after its file, {name}")
        if role in CONTROLS and name:
            source = next(
                (s for s in node.get("name", {}).get("sources", []) if "value" in s and not s.get("superseded")), {}
            )
            if source.get("type") == "placeholder" or source.get("nativeSource") == "placeholder":
                say("tree:placeholder", node, "only a placeholder names it")
        if role == "heading":
            level = int(_property(node, "level") or 2)
            if level == 1:
                tops.append(node)
            if last and level > last + 1:
                say("tree:level-skipped", node, f"level {level} after level {last}")
            last = level
    if not tops:
        findings.append(Finding("tree:one-h1", "page", "no first-level heading"))
    for extra in tops[1:]:
        say("tree:one-h1", extra, "a second first-level heading")
    session.detach()
    return findings


def _place(session: Any, node: dict[str, Any]) -> tuple[str, bool]:
    inner = node.get("backendDOMNodeId")
    if inner is None:
        return str(_value(node, "name"))[:40] or "page", False
    held = session.send("DOM.resolveNode", {"backendNodeId": inner})["object"]["objectId"]
    answer = session.send(
        "Runtime.callFunctionOn",
        {
            "objectId": held,
            "returnByValue": True,
            "functionDeclaration": """function () {
                const el = this.nodeType === 1 ? this : this.parentElement ?? this.getRootNode().host;
                const host = el.getRootNode().host ?? el;
                return [window.fm ? fm.where(el) : el.tagName, Boolean(host.closest("[data-plant]"))];
            }""",
        },
    )
    where, planted = answer["result"]["value"]
    return where, planted
