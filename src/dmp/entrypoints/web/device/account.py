"""The holder's account: who she is here, her passkeys, when she logged in last."""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.login.log_in import ListLogins, list_logins
from dmp.acts.login.passkeys import (
    AddPasskey,
    ListPasskeys,
    NewPasskey,
    RevokePasskey,
    add_passkey,
    list_passkeys,
    revoke_passkey,
)
from dmp.entrypoints.web.device.keys import added, begun, key_of
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.login import ceremony
from dmp.entrypoints.web.login.arriving import MEANS
from dmp.entrypoints.web.login.identities import ins_of, traits_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import sentence


async def account(visit: Visit) -> Response:
    """The account of whoever is logged in, on her own record."""
    record_id = record_of(visit)
    passkeys = await visit.do(list_passkeys, ListPasskeys(record_id=record_id))
    logins = await visit.do(list_logins, ListLogins(record_id=record_id))
    return visit.render(
        "device/account.html",
        "Mon compte",
        record_id=record_id,
        traits=traits_of(visit.holder),
        matricule=ins_of(visit.holder).matricule,
        passkeys=passkeys,
        logins=[(one.at, means_in_words(one.means)) for one in logins],
        errors={},
    )


def means_in_words(means: str) -> str:
    """How a login was proven."""
    return sentence(MEANS.get(means, "d’une autre façon"))


async def add_key(visit: Visit) -> Response:
    """Add a passkey of this device."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":

        async def add(key: NewPasskey) -> None:
            await visit.do(add_passkey, AddPasskey(record_id=record_id, key=key))

        errors = await added(visit, add)
        if not errors:
            visit.notice(
                "La clé d’accès est ajoutée. Vous pourrez vous connecter avec cet appareil."
            )
            return visit.go_to(f"{home_of(record_id)}/compte")
    known = await visit.do(list_passkeys, ListPasskeys(record_id=record_id))
    under_way = begun(visit, ceremony.ADD, known[0].handle if known else "")
    who = visit.holder
    name = f"{who.first_name} {(who.used_name or who.birth_name)[:1]}."
    return visit.render(
        "device/add_key.html",
        "Ajouter une clé d’accès",
        status=400 if errors else 200,
        record_id=record_id,
        action=f"{home_of(record_id)}/compte/cle",
        back=f"{home_of(record_id)}/compte",
        by_letter=visit.live.state.means == "access-code",
        asked=ceremony.asked_for_key(visit.options, under_way, name, known),
        typed=visit.form,
        errors=errors,
    )


async def revoke_key(visit: Visit) -> Response:
    """Revoke a passkey: it opens nothing any more, at once."""
    record_id = record_of(visit)
    request = RevokePasskey(record_id=record_id, passkey_id=key_of(visit))
    await visit.do(revoke_passkey, request)
    visit.notice("La clé d’accès est retirée : elle n’ouvre plus rien.")
    return visit.go_to(f"{home_of(record_id)}/compte")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/compte"
PAGES = (
    Page(path=_PATH, view=account, authentication=_HOLDER, acts=(list_passkeys, list_logins)),
    *form_page(_PATH + "/cle", add_key, _HOLDER, list_passkeys, add_passkey),
    Page(
        path=_PATH + "/cle/retirer",
        view=revoke_key,
        authentication=_HOLDER,
        method="POST",
        acts=(revoke_passkey,),
    ),
)
