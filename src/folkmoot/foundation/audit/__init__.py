"""The tamper-evident record of who did what and who saw what.

An action records itself inside its own transaction; a query records a consultation before it hands over rows:

    from folkmoot.foundation import audit

    audit.record(action="wards.discharge", target=stay, by=user, purpose="direct care", organisation=stay.organisation,
                 before={"ward": audit.Open("A1")}, after={"ward": None})
    audit.consulted(targets=stays, by=user, purpose="ward round", organisation=organisation)

Values in `before` and `after` are kept only as salted digests unless wrapped in `Open`, which says "not personal".
`seal` gives committed events their places in an RFC 9162 Merkle tree; `publish` signs the tree's head into the witness
directory, outside the database. `verify.py` is the auditor's stand-alone reader.
"""

from typing import Any

_HOMES = {
    "Open": "canonical",
    "record": "ledger",
    "consulted": "ledger",
    "forget": "ledger",
    "seal": "sequencer",
    "publish": "heads",
    "tick": "heads",
    "receipt": "receipts",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    # Lazily, so that the stand-alone reader can be imported without Django.
    if name in _HOMES:
        from importlib import import_module

        return getattr(import_module(f"folkmoot.foundation.audit.{_HOMES[name]}"), name)
    raise AttributeError(f"folkmoot.foundation.audit has no {name}")
