"""Checking an identity token."""

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error

# Public-key algorithms only: with an HMAC the provider's public key would be the secret ("HS/RS swap").
ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
CLOCK_SKEW_SECONDS = 30


def claims(token: str, *, keys: Mapping[str, Any], issuer: str, client: str, nonce: str) -> dict[str, Any]:
    """The token's claims, or OAuth2Error: signed by the issuer's key, for this client, alive, and asked for by us."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") not in ALGORITHMS:
            raise OAuth2Error("The identity token is not signed by an algorithm that we accept.")
        found = [key for key in jwt.PyJWKSet.from_dict(dict(keys)).keys if key.key_id == header.get("kid")]
        if len(found) != 1:
            raise OAuth2Error("The identity token names a key that its issuer does not publish.")
        said = jwt.decode(
            token,
            key=found[0].key,
            algorithms=[found[0].algorithm_name],
            issuer=issuer,
            audience=client,
            leeway=CLOCK_SKEW_SECONDS,
            options={"require": ["iss", "aud", "exp", "iat", "sub"]},
        )
    except jwt.PyJWTError as fault:
        raise OAuth2Error("The identity token is not valid.") from fault
    if not nonce or said.get("nonce") != nonce:
        raise OAuth2Error("The identity token does not answer the question that we asked.")
    if isinstance(said["aud"], list) and len(said["aud"]) > 1 and said.get("azp") != client:
        raise OAuth2Error("The identity token was made for another application.")
    return said
