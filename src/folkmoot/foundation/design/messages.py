"""Catalogues of words: find what is to be translated, keep the .po in step, compile the .mo.

    python -m folkmoot.foundation.design.messages src/folkmoot/foundation      # or a service's folder

Words come from `_("…")` in Python, in Jinja2 templates, and from {% translate %} in Django's. A new word is written to
the .po with nothing beside it, which the tests refuse until somebody has translated it; a word no longer used is
dropped. Compiled catalogues are committed, because a wheel has no gettext to make them with.
"""

import ast
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment

_CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
_DJANGO = re.compile(r"{%\s*(?:trans|translate)\s+\"([^\"]+)\"")
_PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


@dataclass
class Entry:
    """One message: singular, plural if it has one, and its translations."""

    singular: str
    plural: str = ""
    said: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def complete(self) -> bool:
        return bool(self.said) and all(self.said) and not self.fuzzy

    @property
    def placeholders_match(self) -> bool:
        wanted = set(_PLACEHOLDER.findall(self.singular + self.plural))
        return all(set(_PLACEHOLDER.findall(text)) <= wanted for text in self.said) and (
            bool(self.plural) or all(set(_PLACEHOLDER.findall(text)) == wanted for text in self.said)
        )


def wanted(folder: Path) -> dict[str, Entry]:
    """Every message in the folder's code and templates."""
    entries: dict[str, Entry] = {}
    environment = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)
    for path in sorted(folder.rglob("*")):
        if "tests" in path.parts or not path.is_file():
            continue
        if path.suffix == ".py":
            found = _python(path.read_text(encoding="utf-8"))
        elif path.suffix == ".html" and "jinja2" in path.parts:
            found = [
                _pair(message) for _, _, message in environment.extract_translations(path.read_text(encoding="utf-8"))
            ]
        elif path.suffix == ".html":
            found = [(text, "") for text in _DJANGO.findall(path.read_text(encoding="utf-8"))]
        else:
            continue
        for singular, plural in found:
            entries.setdefault(singular, Entry(singular, plural))
    return entries


def _pair(message: object) -> tuple[str, str]:
    if isinstance(message, tuple):
        texts = [text for text in message if isinstance(text, str)]
        return texts[0], texts[1] if len(texts) > 1 else ""
    return str(message), ""


def _python(source: str) -> list[tuple[str, str]]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and node.args:
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            texts = [a.value for a in node.args[:2] if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if name in _CALLS and texts:
                found.append((texts[0], texts[1] if name.startswith("ngettext") and len(texts) > 1 else ""))
    return found


def read(po: Path) -> dict[str, Entry]:
    """The entries of a .po file, its header under the empty message."""
    entries: dict[str, Entry] = {}
    parts: dict[str, str] = {}
    key, fuzzy = "", False

    def close() -> None:
        nonlocal parts, fuzzy
        if "msgid" in parts:
            said = [text for name, text in sorted(parts.items()) if name.startswith("msgstr")]
            entries[parts["msgid"]] = Entry(parts["msgid"], parts.get("msgid_plural", ""), said, fuzzy)
        parts, fuzzy = {}, False

    for line in [*po.read_text(encoding="utf-8").splitlines(), ""]:
        if not line.strip():
            close()
        elif line.startswith("#,"):
            fuzzy = "fuzzy" in line
        elif line.startswith("#"):
            continue
        else:
            if line[0] != '"':
                key, line = line.split(" ", 1)
                parts[key] = ""
            parts[key] += ast.literal_eval(line.strip())
    return entries


def write(po: Path, entries: dict[str, Entry]) -> None:
    """A .po file in the order of the messages, one line each."""
    lines = []
    for singular in sorted(entries):
        entry = entries[singular]
        lines += ["#, fuzzy"] if entry.fuzzy else []
        lines.append(f"msgid {_quoted(singular)}")
        if entry.plural:
            lines.append(f"msgid_plural {_quoted(entry.plural)}")
            lines += [f"msgstr[{n}] {_quoted(text)}" for n, text in enumerate(entry.said or [""] * 4)]
        else:
            lines.append(f"msgstr {_quoted(entry.said[0] if entry.said else '')}")
        lines.append("")
    po.write_text("\n".join(lines), encoding="utf-8")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def compiled(entries: dict[str, Entry]) -> bytes:
    """The .mo file, little-endian, as the GNU gettext manual describes it (section 10.3, "The Format of GNU MO Files")."""
    pairs = []
    for singular in sorted(entries):
        entry = entries[singular]
        if entry.complete:
            source = f"{singular}\0{entry.plural}" if entry.plural else singular
            pairs.append((source.encode(), "\0".join(entry.said).encode()))
    count = len(pairs)
    at = 28 + 16 * count
    sources, translations, body = [], [], b""
    for table, index in ((sources, 0), (translations, 1)):
        for pair in pairs:
            table += [len(pair[index]), at + len(body)]
            body += pair[index] + b"\0"
    head = [0x950412DE, 0, count, 28, 28 + 8 * count, 0, 0]
    numbers = [*head, *sources, *translations]
    return b"".join(number.to_bytes(4, "little") for number in numbers) + body


def refresh(folder: Path, language: str = "cy") -> list[str]:
    """Bring the catalogue of a folder in step with its code; returns the messages that still lack a translation."""
    po = folder / "locale" / language / "LC_MESSAGES" / "django.po"
    known = read(po) if po.exists() else {}
    borrowed = po.with_name("borrowed.po")
    entries = {"": known.get("", Entry("", "", [_HEADER]))}
    for singular, entry in wanted(folder).items():
        entries[singular] = known.get(singular, entry)
    if borrowed.exists():
        # Words of libraries that have no translation of their own into this language.
        entries |= {singular: entry for singular, entry in read(borrowed).items() if singular}
    po.parent.mkdir(parents=True, exist_ok=True)
    ours = {s: e for s, e in entries.items() if not (borrowed.exists() and s and s in read(borrowed))}
    write(po, ours)
    po.with_suffix(".mo").write_bytes(compiled(entries))
    return sorted(singular for singular, entry in entries.items() if not entry.complete)


_HEADER = (
    "Content-Type: text/plain; charset=UTF-8\nLanguage: cy\n"
    "Plural-Forms: nplurals=4; plural=(n==1) ? 0 : (n==2) ? 1 : (n==8 || n==11) ? 2 : 3;\n"
)

if __name__ == "__main__":
    for place in sys.argv[1:]:
        for message in refresh(Path(place)):
            print(f"{place}: no translation of {message!r}")
