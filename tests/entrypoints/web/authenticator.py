"""A device with passkeys, in software: ES256 keys, CBOR by hand, every field of it can be made to lie.

Source: W3C Web Authentication level 3, §6 (authenticator data, attestation "none"); RFC 8949; RFC 9052.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


def text_of(octets: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(octets).rstrip(b"=").decode()


def octets_of(text: str) -> bytes:
    """The octets of base64url without padding."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def cbor(value: Any) -> bytes:
    """The few things of CBOR that an attestation needs."""
    match value:
        case int() if value >= 0:
            return _head(0, value)
        case int():
            return _head(1, -1 - value)
        case bytes():
            return _head(2, len(value)) + value
        case str():
            return _head(3, len(value.encode())) + value.encode()
        case dict():
            pairs = (cbor(name) + cbor(of) for name, of in value.items())
            return _head(5, len(value)) + b"".join(pairs)
        case _:
            raise TypeError(type(value))


def _head(kind: int, number: int) -> bytes:
    if number < 24:
        return bytes([kind << 5 | number])
    if number < 256:
        return bytes([kind << 5 | 24, number])
    return bytes([kind << 5 | 25]) + number.to_bytes(2, "big")


@dataclass
class Device:
    """One device with one passkey at most. `origin` is where its browser stands; `flags` what it claims."""

    origin: str
    flags: int = PRESENT | VERIFIED
    count: int = 0
    counts: bool = True
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""

    def creates(self, asked: str, **lies: Any) -> str:
        """The answer to what a page asks to make a key."""
        options = json.loads(asked)
        self.handle = options["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        cose = cbor(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        attested = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id
        data = self._data(options["rp"]["id"], WITH_KEY, lies) + attested + cose
        attestation = cbor({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"], lies)
        return self._answer(
            {"clientDataJSON": text_of(client), "attestationObject": text_of(attestation)}
        )

    def proves(self, asked: str, **lies: Any) -> str:
        """The answer to what a page asks to prove somebody."""
        options = json.loads(asked)
        if self.counts:
            self.count += 1
        data = self._data(options["rpId"], 0, lies)
        client = self._client("webauthn.get", options["challenge"], lies)
        signed = data + hashlib.sha256(client).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        said = {
            "clientDataJSON": text_of(client),
            "authenticatorData": text_of(data),
            "signature": text_of(lies.get("signature", signature)),
            "userHandle": lies.get("handle", self.handle),
        }
        return self._answer({name: value for name, value in said.items() if value})

    def _data(self, rp_id: str, more: int, lies: dict[str, Any]) -> bytes:
        digest = hashlib.sha256(lies.get("rp_id", rp_id).encode()).digest()
        flags = int(lies.get("flags", self.flags)) | more
        count = int(lies.get("count", self.count))
        return digest + bytes([flags]) + count.to_bytes(4, "big")

    def _client(self, kind: str, challenge: str, lies: dict[str, Any]) -> bytes:
        said = {
            "type": lies.get("type", kind),
            "challenge": lies.get("challenge", challenge),
            "origin": lies.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        identifier = text_of(self.credential_id)
        return json.dumps(
            {
                "id": identifier,
                "rawId": identifier,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {},
            }
        )
