"""The ceremonies of passkeys: what the browser is asked, and what it answers, verified.

A challenge is drawn here, kept by the session, and used once. Keys stay in the device with whatever unlocks it
(discoverable, user verification required); no attestation is asked for, so that no model of device is told.

Source: W3C Web Authentication level 3, §7.1 and §7.2.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AttestationConveyancePreference,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dmp.acts.login.log_in import Confirm, NotProven
from dmp.acts.login.passkeys import NewPasskey
from dmp.domain.identity.passkey import Passkey
from dmp.entrypoints.web.login.sessions import CeremonyUnderWay
from dmp.entrypoints.web.options import SERVICE, WebOptions

CHALLENGE_LIFE = timedelta(minutes=5)
LONGEST_ANSWER = 16_384
"""Characters of an answer; an answer without attestation has fewer than two thousand."""
LOGIN, ADD, UNLOCK = "login", "add", "unlock"


class CeremonyFailed(Exception):
    """An answer that proves nothing: altered, replayed, too late, of another site or another session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asserted:
    """What a device says, and what confirms it with the public key that is kept."""

    credential_id: str
    handle: str
    confirm: Confirm


def ceremony(purpose: str, now: datetime, handle: str = "") -> CeremonyUnderWay:
    """A new challenge of 32 octets; for a new key its handle, drawn when the person has none yet."""
    if purpose == ADD and not handle:
        handle = bytes_to_base64url(secrets.token_bytes(32))
    return CeremonyUnderWay(
        purpose=purpose,
        challenge=secrets.token_bytes(32),
        until=now + CHALLENGE_LIFE,
        handle=handle,
    )


def asked_for_key(
    options: WebOptions, under_way: CeremonyUnderWay, name: str, known: Sequence[Passkey]
) -> str:
    """What a browser is asked to make a new key, as JSON. `name` is what the device shows of its owner."""
    asked = generate_registration_options(
        rp_id=options.host,
        rp_name=SERVICE,
        user_name=name,
        user_display_name=name,
        user_id=base64url_to_bytes(under_way.handle),
        challenge=under_way.challenge,
        attestation=AttestationConveyancePreference.NONE,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(known),
    )
    return options_to_json(asked)


def asked_for_proof(
    options: WebOptions, under_way: CeremonyUnderWay, known: Sequence[Passkey] = ()
) -> str:
    """What a browser is asked to prove somebody, as JSON; one of `known` keys, or any key of this service."""
    asked = generate_authentication_options(
        rp_id=options.host,
        challenge=under_way.challenge,
        allow_credentials=_described(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json(asked)


def _described(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential_id)) for one in known
    ]


def new_key(
    options: WebOptions, under_way: CeremonyUnderWay | None, answer: str, name: str, now: datetime
) -> NewPasskey:
    """The key of a registration. Raises CeremonyFailed."""
    begun = _in_time(under_way, ADD, answer, now)
    try:
        proved = verify_registration_response(
            credential=answer,
            expected_challenge=begun.challenge,
            expected_rp_id=options.host,
            expected_origin=options.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        # Hostile answers make the library fail in more ways than its own.
        raise CeremonyFailed from None
    return NewPasskey(
        credential_id=bytes_to_base64url(proved.credential_id),
        public_key=bytes_to_base64url(proved.credential_public_key),
        handle=begun.handle,
        sign_count=proved.sign_count,
        name=name,
    )


def asserted(
    options: WebOptions,
    under_way: CeremonyUnderWay | None,
    purpose: str,
    answer: str,
    now: datetime,
) -> Asserted:
    """What a device says to prove somebody; the key that is kept confirms it. Raises CeremonyFailed."""
    begun = _in_time(under_way, purpose, answer, now)
    try:
        said = parse_authentication_credential_json(answer)
    except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
        raise CeremonyFailed from None
    if not said.response.user_handle:
        raise CeremonyFailed

    def confirm(passkey: Passkey) -> int:
        try:
            proved = verify_authentication_response(
                credential=answer,
                expected_challenge=begun.challenge,
                expected_rp_id=options.host,
                expected_origin=options.origin,
                credential_public_key=base64url_to_bytes(passkey.public_key),
                credential_current_sign_count=passkey.sign_count,
                require_user_verification=True,
            )
        except (WebAuthnException, ValueError, TypeError, KeyError, RecursionError):
            raise NotProven from None
        return proved.new_sign_count

    return Asserted(
        credential_id=bytes_to_base64url(said.raw_id),
        handle=bytes_to_base64url(said.response.user_handle),
        confirm=confirm,
    )


def _in_time(
    under_way: CeremonyUnderWay | None, purpose: str, answer: str, now: datetime
) -> CeremonyUnderWay:
    if (
        under_way is None
        or under_way.purpose != purpose
        or now >= under_way.until
        or not 0 < len(answer) <= LONGEST_ANSWER
    ):
        raise CeremonyFailed
    return under_way
