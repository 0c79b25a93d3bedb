"""What goes wrong with movement data, as sentences to a person."""

from __future__ import annotations


class MobilityError(ValueError):
    """The data cannot be used as given; the message says what, which row, and what to do."""
