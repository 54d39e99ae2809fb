"""Lock a professional's session and unlock it quickly: nothing of a patient is shown or done meanwhile.

The lock is of the session, on the server: every tab and every form meets it.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from starlette.responses import RedirectResponse, Response

from dmp.acts.login.passkeys import NewPasskey
from dmp.acts.login.unlocking import (
    AddUnlockKey,
    ChoosePin,
    ReadUnlocking,
    RevokeUnlockKey,
    TryPin,
    TryUnlockKey,
    add_unlock_key,
    choose_pin,
    read_unlocking,
    revoke_unlock_key,
    try_pin,
    try_unlock_key,
)
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.pin import MOST_TRIES, is_pin, is_too_simple
from dmp.entrypoints.web.device.keys import CeremonyFailed, added, begun, key_of, taken
from dmp.entrypoints.web.device.reading_choices import choices
from dmp.entrypoints.web.login import ceremony
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit, is_ours
from dmp.locale import translate

_LOCKED, _SETTINGS = "/pro/verrouille", "/pro/parametres"


async def lock(visit: Visit) -> Response:
    """Lock now."""
    state = visit.live.state
    page = visit.form.text("page")
    state.then = page if is_ours(page) else ""
    state.locked = visit.live.changed = True
    return visit.go_to(_LOCKED)


async def locked(visit: Visit) -> Response:
    """The page of a locked session: nothing of a patient, and what unlocks."""
    if not visit.live.state.locked:
        return visit.go_to("/pro")
    return await _locked_page(visit, {})


async def _locked_page(visit: Visit, errors: dict[str, str]) -> Response:
    unlocking = await visit.do(read_unlocking, ReadUnlocking())
    asked = ""
    if unlocking.passkeys:
        under_way = begun(visit, ceremony.UNLOCK)
        asked = ceremony.asked_for_proof(visit.options, under_way, unlocking.passkeys)
    return visit.render(
        "device/locked.html",
        "Session verrouillée",
        status=401 if errors else 200,
        has_pin=unlocking.has_pin,
        asked=asked,
        then=_home(visit.live.state.then),
        errors=errors,
    )


async def unlock_by_pin(visit: Visit) -> Response:
    """Unlock with the PIN; three wrong ones end the session."""
    if not visit.live.state.locked:
        return visit.go_to("/pro")
    return await _unlocked(visit, lambda: visit.do(try_pin, TryPin(pin=visit.form.text("code"))))


async def unlock_by_key(visit: Visit) -> Response:
    """Unlock with a passkey."""
    if not visit.live.state.locked:
        return visit.go_to("/pro")

    async def tried() -> None:
        said = ceremony.asserted(
            visit.options,
            await taken(visit),
            ceremony.UNLOCK,
            visit.form.text("reponse"),
            visit.now,
        )
        request = TryUnlockKey(
            credential_id=said.credential_id, handle=said.handle, confirm=said.confirm
        )
        await visit.do(try_unlock_key, request)

    return await _unlocked(visit, tried)


async def _unlocked(visit: Visit, tried: Callable[[], Awaitable[None]]) -> Response:
    state = visit.live.state
    try:
        await tried()
    except (CeremonyFailed, Refused) as failed:
        if isinstance(failed, Refused) and failed.reason is not Reason.LOGIN_NOT_PROVEN:
            raise
        return await _tried_in_vain(visit)
    state.locked, state.wrong_pins, state.seen = False, 0, visit.now
    then, state.then = _home(state.then), ""
    visit.live.changed = True
    return visit.go_to(then)


async def _tried_in_vain(visit: Visit) -> Response:
    state = visit.live.state
    state.wrong_pins += 1
    visit.live.changed = True
    left = MOST_TRIES - state.wrong_pins
    if left > 0:
        said = "Ce code ou cette clé n’est pas reconnu. Essais restants : {left}."
        return await _locked_page(visit, {"code": translate(said, left=left)})
    response = RedirectResponse("/pro/connexion?verrou=fin", status_code=303)
    await visit.door.end_session(visit, response)
    return response


def _home(then: str) -> str:
    path = then.partition("?")[0]
    fits = any(path == home or path.startswith(home + "/") for home in ("/pro", "/guichet"))
    return then if fits and is_ours(then) and path != _LOCKED else "/pro"


async def settings(visit: Visit) -> Response:
    """What unlocks one's session, and how to change it."""
    return await settings_page(visit, {})


async def settings_page(visit: Visit, errors: dict[str, str]) -> Response:
    """The page, with what must be corrected in one of its forms."""
    unlocking = await visit.do(read_unlocking, ReadUnlocking())
    return visit.render(
        "device/settings.html",
        "Paramètres",
        status=400 if errors else 200,
        unlocking=unlocking,
        reading=None if visit.only_deposits else choices(visit),
        minutes=int(visit.options.professional_idle.total_seconds() // 60),
        errors=errors,
    )


async def set_pin(visit: Visit) -> Response:
    """Choose a PIN, or give it up."""
    form, errors = visit.form, {}
    pin = form.text("nouveau")
    if form.text("choix") == "retirer":
        pin = ""
    elif not is_pin(pin):
        errors["nouveau"] = "Écrivez de 4 à 8 chiffres."
    elif is_too_simple(pin):
        errors["nouveau"] = (
            "Ce code est trop simple : évitez les chiffres répétés ou qui se suivent."
        )
    elif pin != form.text("confirmation"):
        errors["confirmation"] = "Les deux codes sont différents. Écrivez deux fois le même."
    if errors:
        return await settings_page(visit, errors)
    await visit.do(choose_pin, ChoosePin(pin=pin, salt=secrets.token_hex(16)))
    await _know_unlocking(visit)
    visit.notice("Le code de déverrouillage est enregistré." if pin else "Le code est retiré.")
    return visit.go_to(_SETTINGS)


async def _know_unlocking(visit: Visit) -> None:
    visit.live.state.unlocks = (await visit.do(read_unlocking, ReadUnlocking())).is_quick
    visit.live.changed = True


async def add_key(visit: Visit) -> Response:
    """Add a passkey that unlocks."""
    errors: dict[str, str] = {}
    if visit.request.method == "POST":

        async def add(key: NewPasskey) -> None:
            await visit.do(add_unlock_key, AddUnlockKey(key=key))

        errors = await added(visit, add)
        if not errors:
            await _know_unlocking(visit)
            visit.notice("La clé d’accès est ajoutée. Elle déverrouille votre session.")
            return visit.go_to(_SETTINGS)
    known = (await visit.do(read_unlocking, ReadUnlocking())).passkeys
    under_way = begun(visit, ceremony.ADD, known[0].handle if known else "")
    name = getattr(visit.caller.who, "name", "")
    return visit.render(
        "device/add_unlock_key.html",
        "Ajouter une clé d’accès",
        status=400 if errors else 200,
        action=f"{_SETTINGS}/cle",
        back=_SETTINGS,
        by_letter=False,
        asked=ceremony.asked_for_key(visit.options, under_way, name, known),
        typed=visit.form,
        errors=errors,
    )


async def revoke_key(visit: Visit) -> Response:
    """Revoke a passkey that unlocks."""
    await visit.do(revoke_unlock_key, RevokeUnlockKey(passkey_id=key_of(visit)))
    await _know_unlocking(visit)
    visit.notice("La clé d’accès est retirée : elle n’ouvre plus rien.")
    return visit.go_to(_SETTINGS)


_PRO = Authentication.DEPOSITOR
PAGES = (
    Page(path="/pro/verrouiller", view=lock, authentication=_PRO, method="POST", when_locked=True),
    Page(
        path=_LOCKED,
        view=locked,
        authentication=_PRO,
        acts=(read_unlocking,),
        when_locked=True,
    ),
    Page(
        path=_LOCKED,
        view=unlock_by_pin,
        authentication=_PRO,
        method="POST",
        acts=(read_unlocking, try_pin),
        when_locked=True,
    ),
    Page(
        path=_LOCKED + "/cle",
        view=unlock_by_key,
        authentication=_PRO,
        method="POST",
        acts=(read_unlocking, try_unlock_key),
        when_locked=True,
    ),
    Page(path=_SETTINGS, view=settings, authentication=_PRO, acts=(read_unlocking,)),
    Page(
        path=_SETTINGS + "/code",
        view=set_pin,
        authentication=_PRO,
        method="POST",
        acts=(read_unlocking, choose_pin),
    ),
    *form_page(_SETTINGS + "/cle", add_key, _PRO, read_unlocking, add_unlock_key),
    Page(
        path=_SETTINGS + "/cle/retirer",
        view=revoke_key,
        authentication=_PRO,
        method="POST",
        acts=(read_unlocking, revoke_unlock_key),
    ),
)
