"""Where a release comes from: what its manifest says beside the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Provenance:
    """`inputs`: SHA-256 of every file read. Without an approver and a lawful basis it is a draft."""

    inputs: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    code_version: str = ""
    created_at: str = ""
    approved_by: str | None = None
    lawful_basis: str | None = None
    opt_out_version: str | None = None
    statements: tuple[str, ...] = ()

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "inputs": dict(self.inputs), "parameters": dict(self.parameters), "code_version": self.code_version,
            "created_at": self.created_at, "approved_by": self.approved_by, "lawful_basis": self.lawful_basis,
            "opt_out_version": self.opt_out_version, "statements": list(self.statements),
        }  # fmt: skip
