"""Canonical JSON: RFC 8785, without floats. The same event has the same bytes for ever.

>>> canonical({"b": 1, "a": "é"})
'{"a":"é","b":1}'
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

LARGEST = 2**53 - 1  # beyond it, JSON readers disagree about integers


@dataclass(frozen=True)
class Open:
    """A value that tells nothing about a person, and may stand in the log as it is."""

    value: str | int | bool | None


def canonical(value: Any) -> str:
    """The one spelling of a value, or a ValueError that says which part has none."""
    _check(value, "event")
    # Python's escapes are RFC 8785's; keys are ASCII, so its order is UTF-16 order too.
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def _check(value: Any, where: str) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            if not (isinstance(key, str) and key.isascii()):
                raise ValueError(f"{where} has the key {key!r}: keys in the audit log are ASCII text.")
            _check(inner, f"{where}.{key}")
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            _check(inner, f"{where}[{position}]")
    elif isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ValueError(f"{where} holds half a character, which no JSON reader can read back.") from None
    elif isinstance(value, float):
        raise ValueError(f"{where} is the float {value!r}: record an integer in a smaller unit, or text.")
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > LARGEST:
            raise ValueError(f"{where} is an integer beyond 2^53: record it as text.")
    elif value is not None and not isinstance(value, bool):
        raise ValueError(f"{where} is a {type(value).__name__}, which JSON does not have: record text.")


def digest(value: Any, salt: str) -> str:
    """A salted digest: shows later that a value was this one, and alone tells nobody which it was."""
    return "sha256:" + hashlib.sha256(f"{salt}|{canonical(value)}".encode()).hexdigest()
