"""The tamper-evident record of who did and saw what (RFC 9162)."""
