"""Log in as a holder with a passkey of the device, or with the code of a letter and the birth date."""

from __future__ import annotations

from datetime import date, timedelta

from starlette.responses import Response

from dmp.acts.login.log_in import (
    DOORKEEPER,
    Recognised,
    UseAccessCode,
    UsePasskey,
    use_access_code,
    use_passkey,
)
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.device.keys import CeremonyFailed, begun, guest, taken
from dmp.entrypoints.web.login import ceremony
from dmp.entrypoints.web.login.arriving import ARRIVING_ACTS, come_in
from dmp.entrypoints.web.login.attempts import OF_A_SESSION, Attempts
from dmp.entrypoints.web.login.identities import identity_of
from dmp.entrypoints.web.page import Authentication, form_page
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.visit import Visit, is_ours
from dmp.locale import sentence

_KEY_FAILED = (
    "Cette clé d’accès n’a pas été reconnue. Recommencez, ou connectez-vous d’une autre façon."
)
_CODE_FAILED = (
    "Ce code et cette date de naissance ne vont pas ensemble, ou la lettre n’est plus valable. "
    "Vérifiez les deux. Après trois dates fausses, il faut une nouvelle lettre."
)
_TOO_MANY = (
    "Trop d’essais n’ont pas abouti. Attendez dix minutes, ou connectez-vous d’une autre façon."
)
_EVERYBODY = "everybody"
attempts = Attempts(kind="letter", most_of_one=60, most_of_all=60, within=timedelta(minutes=10))
"""Wrong codes of letters; those of one session are counted in it."""


async def by_passkey(visit: Visit) -> Response:
    """Log in with the passkey of this device."""
    error = ""
    then = _then(visit)
    if visit.request.method == "POST":
        found = await _by_key(visit)
        if found is not None:
            return await _come_in(visit, found, then, "passkey")
        error = _KEY_FAILED
    await guest(visit)
    asked = ceremony.asked_for_proof(visit.options, begun(visit, ceremony.LOGIN))
    return visit.render(
        "device/enter_by_key.html",
        "Clé d’accès non reconnue" if error else "Se connecter avec ce téléphone",
        status=401 if error else 200,
        asked=asked,
        then=then,
        error=sentence(error),
    )


async def _by_key(visit: Visit) -> Recognised | None:
    try:
        said = ceremony.asserted(
            visit.options,
            await taken(visit),
            ceremony.LOGIN,
            visit.form.text("reponse"),
            visit.now,
        )
    except CeremonyFailed:
        return None
    visit.caller = DOORKEEPER
    request = UsePasskey(credential_id=said.credential_id, handle=said.handle, confirm=said.confirm)
    try:
        return await visit.do(use_passkey, request)
    except Refused as refused:
        if refused.reason is not Reason.LOGIN_NOT_PROVEN:
            raise
        return None


async def by_code(visit: Visit) -> Response:
    """Log in with the code of a letter: once, and on to a means of one's own."""
    errors: dict[str, str] = {}
    status = 400
    if visit.request.method == "POST":
        code, birth_date = visit.form.text("code"), _birth_date(visit, errors)
        if not code:
            errors["code"] = "Écrivez le code de la lettre."
        if code and birth_date is not None:
            if await _too_many(visit):
                status, errors["code"] = 429, _TOO_MANY
            else:
                found = await _by_letter(visit, code, birth_date)
                if found is not None:
                    then = f"/espace/{found.record_id}/compte/cle"
                    return await _come_in(visit, found, then, "access-code")
                status, errors["code"] = 401, _CODE_FAILED
    await guest(visit)
    return visit.render(
        "device/enter_by_code.html",
        "Se connecter avec le code d’une lettre",
        status=status if errors else 200,
        typed=visit.form,
        errors=errors,
    )


def _birth_date(visit: Visit, errors: dict[str, str]) -> date | None:
    try:
        return typed_day(visit.form.text("naissance"))
    except ValueError:
        errors["naissance"] = "Écrivez la date de naissance, par exemple 12/03/1951."
        return None


async def _too_many(visit: Visit) -> bool:
    if visit.live.state.tries >= OF_A_SESSION:
        return True
    return not await attempts.may_try(visit.door.keeper, _EVERYBODY, visit.now)


async def _by_letter(visit: Visit, code: str, birth_date: date) -> Recognised | None:
    visit.caller = DOORKEEPER
    try:
        found = await visit.do(use_access_code, UseAccessCode(code=code, birth_date=birth_date))
    except Refused as refused:
        if refused.reason is not Reason.LOGIN_NOT_PROVEN:
            raise
        found = None
    if found is None:
        visit.live.state.tries += 1
        visit.live.changed = True
        await attempts.failed(visit.door.keeper, _EVERYBODY, visit.now)
    return found


async def _come_in(visit: Visit, found: Recognised, then: str, means: str) -> Response:
    who = identity_of(found.ins, found.traits)
    shared = visit.form.checked("partage")
    return await come_in(visit, who, then=then, means=means, shared=shared)


def _then(visit: Visit) -> str:
    then = visit.form.text("suite") or visit.asked("suite")
    return then if is_ours(then) else ""


_NONE = Authentication.NONE
PAGES = (
    *form_page("/connexion/cle", by_passkey, _NONE, use_passkey, *ARRIVING_ACTS),
    *form_page("/connexion/code", by_code, _NONE, use_access_code, *ARRIVING_ACTS),
)
