"""The keyboard walk: Tab to the end and back, as somebody without a mouse does.

Every control is reached, in the order of the document and of the eye; the focus is seen (by computed style, else by
pixels), not covered, and legible; nothing holds it; what acts as a button answers Enter and Space; Esc closes what was
opened and the focus goes back to where it came from.
"""

import struct
import zlib

import numpy as np
from playwright.sync_api import Page

from tests.a11y.finding import Finding, found, script

MOST = 150


def check(page: Page) -> list[Finding]:
    """Everything by keyboard, at the page's present size."""
    findings = walk(page)
    findings += found(page.evaluate(script("clickable.js"))) + unreachable(page)
    findings += deaf(page)
    findings += dialogs(page)
    return findings


def walk(page: Page) -> list[Finding]:
    """Tab forward until the cycle closes, then some way back."""
    page.evaluate(script("walk_start.js"))
    findings: list[Finding] = []
    steps: list[int] = []
    for _ in range(MOST):
        page.keyboard.press("Tab")
        stop = page.evaluate(script("walk_step.js"))
        if stop["index"] < 0 or (steps and stop["index"] == steps[0]):
            break
        if steps and stop["index"] == steps[-1]:
            findings.append(
                Finding("keyboard:trap", stop["where"], "holds the focus when Tab is pressed", stop["planted"])
            )
            page.evaluate("() => document.activeElement.blur()")
            break
        if stop["index"] in steps:
            findings.append(
                Finding("keyboard:trap", stop["where"], "the focus goes round in a circle", stop["planted"])
            )
            break
        steps.append(stop["index"])
        findings += found(stop["findings"])
        if not stop["changes"] and not _differs(page, stop["box"]):
            says = "does not look any different when it has the focus"
            findings.append(Finding("keyboard:focus-invisible", stop["where"], says, stop["planted"]))
    else:
        findings.append(Finding("keyboard:endless", "page", f"more than {MOST} stops"))
    trapped = any(finding.rule == "keyboard:trap" for finding in findings)
    if not trapped:
        findings += found(page.evaluate(script("walk_end.js"), steps))
        findings += _back(page, steps)
    return findings


def _back(page: Page, steps: list[int]) -> list[Finding]:
    if len(steps) < 2:
        return []
    page.evaluate("index => window.fm.stops[index].focus()", steps[-1])
    page.keyboard.press("Shift+Tab")
    stop = page.evaluate(script("walk_step.js"))
    if stop["index"] == steps[-1]:
        return [
            Finding("keyboard:trap", stop["where"], "holds the focus when Shift and Tab are pressed", stop["planted"])
        ]
    return []


def _differs(page: Page, box: dict[str, float] | None) -> bool:
    """Whether at least as many pixels as the element's edge has change by more than 24 of 255 with the focus."""
    if box is None:
        return True
    size = page.viewport_size or {"width": 1280, "height": 900}
    left, top = max(box["x"] - 8, 0), max(box["y"] - 8, 0)
    clip = {
        "x": left,
        "y": top,
        "width": min(box["width"] + 16, size["width"] - left),
        "height": min(box["height"] + 16, size["height"] - top),
    }
    if clip["width"] <= 0 or clip["height"] <= 0:
        return True
    focused = _pixels(page.screenshot(clip=clip, caret="hide"))  # type: ignore[arg-type]
    page.evaluate("() => { window.fm.held = document.activeElement; window.fm.held.blur(); }")
    blurred = _pixels(page.screenshot(clip=clip, caret="hide"))  # type: ignore[arg-type]
    page.evaluate("() => window.fm.held.focus({ focusVisible: true })")
    changed = (np.abs(focused - blurred).max(axis=2) > 24).sum()
    return bool(changed >= 2 * (box["width"] + box["height"]) * 0.5)


def _pixels(png: bytes) -> np.ndarray:
    """A small reader of the PNGs that the browser makes: 8 bits, RGB or RGBA, not interlaced."""
    at, packed, width, height, channels = 8, b"", 0, 0, 3
    while at < len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, _bits, colour = struct.unpack(">IIBB", body[:10])
            channels = 4 if colour == 6 else 3
        elif kind == b"IDAT":
            packed += body
        at += length + 12
    raw = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    lines = np.zeros((height + 1, width * channels), np.int32)
    for y in range(height):
        kind, line, up = int(raw[y, 0]), raw[y, 1:].astype(np.int32), lines[y]
        if kind == 0:
            out = line
        elif kind == 2:
            out = (line + up) % 256
        elif kind == 1:
            out = np.cumsum(line.reshape(width, channels), axis=0).reshape(-1) % 256
        else:
            out = np.zeros_like(line)
            for x in range(width * channels):
                left = out[x - channels] if x >= channels else 0
                corner = up[x - channels] if x >= channels else 0
                guess = (left + up[x]) // 2 if kind == 3 else _paeth(left, up[x], corner)
                out[x] = (line[x] + guess) % 256
        lines[y + 1] = out
    return lines[1:].reshape(height, width, channels)[:, :, :3]


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    near = sorted(((abs(guess - left), 0, left), (abs(guess - up), 1, up), (abs(guess - corner), 2, corner)))
    return near[0][2]


def unreachable(page: Page) -> list[Finding]:
    """Elements that listen for clicks and can get no focus, with no control inside or around them."""
    session = page.context.new_cdp_session(page)
    held = session.send("Runtime.evaluate", {"expression": "window.fm.candidates"})["result"]["objectId"]
    listed = session.send("Runtime.getProperties", {"objectId": held, "ownProperties": True})["result"]
    findings = []
    for item in listed:
        if not item["name"].isdigit():
            continue
        inner = item["value"]["objectId"]
        listeners = session.send("DOMDebugger.getEventListeners", {"objectId": inner})["listeners"]
        if any(listener["type"] in {"click", "mousedown", "pointerdown"} for listener in listeners):
            answer = session.send(
                "Runtime.callFunctionOn",
                {
                    "objectId": inner,
                    "returnByValue": True,
                    "functionDeclaration": "function () { return [fm.where(this), fm.planted(this)]; }",
                },
            )
            where, planted = answer["result"]["value"]
            findings.append(Finding("keyboard:unreachable", where, "answers clicks, but no key can reach it", planted))
    session.detach()
    return findings


def deaf(page: Page) -> list[Finding]:
    """Home-made buttons that do not answer Enter or Space."""
    findings = []
    for index in range(page.evaluate(script("homemade.js"))):
        for key in ("Enter", "Space"):
            page.evaluate("index => window.fm.listenTo(index)", index)
            page.keyboard.press(key)
            told = page.evaluate("index => window.fm.heard(index)", index)
            if not told["heard"]:
                findings.append(Finding("keyboard:deaf", told["where"], f"does not answer {key}", told["planted"]))
    return findings


def dialogs(page: Page) -> list[Finding]:
    """Open by Enter, close by Esc: focus goes in, and comes back."""
    findings = []
    openers = page.evaluate(script("openers.js"))
    for index, opener in enumerate(openers):
        page.evaluate("index => window.fm.openers[index].focus()", index)
        page.keyboard.press("Enter")
        inside = page.evaluate(
            """() => {
                const open = window.fm.openDialog();
                return open ? open.contains(document.activeElement) : null;
            }"""
        )
        if inside is None:
            continue
        if not inside:
            says = "opens a dialog and leaves the focus behind it"
            findings.append(Finding("keyboard:focus-behind", opener["where"], says, opener["planted"]))
        page.keyboard.press("Escape")
        after = page.evaluate(
            """index => ({
                open: Boolean(window.fm.openDialog()),
                back: document.activeElement === window.fm.openers[index],
            })""",
            index,
        )
        if after["open"]:
            findings.append(
                Finding("keyboard:esc", opener["where"], "opens what Esc does not close", opener["planted"])
            )
            page.evaluate("() => document.querySelectorAll('dialog[open]').forEach((d) => d.close())")
        elif not after["back"]:
            says = "does not get the focus back when its dialog closes"
            findings.append(Finding("keyboard:focus-return", opener["where"], says, opener["planted"]))
    return findings
