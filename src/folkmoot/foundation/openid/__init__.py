"""OpenID Connect, stricter than allauth: signature and nonce are always checked (OpenID Connect Core 1.0, 3.1.3.7).

allauth 65.21 accepts an identity token fetched from the token endpoint without checking its signature, and sends no
nonce; both are allowed by the standard over TLS, and neither is good enough for patients' records.
"""
