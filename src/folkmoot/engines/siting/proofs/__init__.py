"""Bounds replayed without a solver: one module for each kind of certificate, none of which uses code of a solver.

Each has `bound(problem, data)`: what the certificate proves, or `ProofError` with a sentence on why it proves nothing.
"""

from __future__ import annotations


class ProofError(ValueError):
    """The certificate proves nothing; the message says why."""
