"""A provider of identities on this machine, for tests: it signs what it is told to sign, well or badly."""

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CLIENT = "folkmoot-test"


class Provider:
    """What it knows and how it misbehaves."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.another_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.claims: dict[str, Any] = {}
        self.nonce = ""
        self.fault = ""
        self.asked: list[dict[str, list[str]]] = []
        self.address = ""

    def token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.address, "aud": CLIENT, "sub": "s-1", "iat": now, "exp": now + 300, "nonce": self.nonce,
            "email_verified": True, **self.claims,
        }  # fmt: skip
        header = {"kid": "k1"}
        match self.fault:
            case "unsigned":
                return jwt.encode(said, key=None, algorithm="none", headers=header)
            case "swapped":
                # The classic: the public key, which everybody has, used as the secret of an HMAC.
                public = self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
                return _hmac(said, public, header)
            case "another key":
                return jwt.encode(said, key=self.another_key, algorithm="RS256", headers=header)
            case "another key's name":
                return jwt.encode(said, key=self.key, algorithm="RS256", headers={"kid": "../../etc/passwd"})
            case _:
                return jwt.encode(said, key=self.key, algorithm="RS256", headers=header)

    def answer(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token", "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }  # fmt: skip
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [{**public, "kid": "k1", "alg": "RS256", "use": "sig"}]}
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": self.token()}


def _hmac(said: dict[str, Any], secret: bytes, header: dict[str, str]) -> str:
    import hashlib
    import hmac

    def part(raw: bytes) -> str:
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    body = f"{part(json.dumps({**header, 'alg': 'HS256', 'typ': 'JWT'}).encode())}.{part(json.dumps(said).encode())}"
    return f"{body}.{part(hmac.new(secret, body.encode(), hashlib.sha256).digest())}"


@contextmanager
def running() -> Iterator[Provider]:
    """The provider, answering on a port of its own choice."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(provider.answer(self.path))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            provider.asked.append(parse_qs(body))
            self._send(provider.answer(self.path))

        def _send(self, said: dict[str, Any]) -> None:
            raw = json.dumps(said).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *given: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
