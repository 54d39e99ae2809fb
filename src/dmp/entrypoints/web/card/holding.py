"""The holder's emergency card: what stands on it, its two kinds, printing, making anew, revoking."""

from __future__ import annotations

import msgspec
from markupsafe import Markup
from starlette.responses import Response

from dmp.acts.briefly.share_code import spaced
from dmp.acts.card.hold_card import (
    CardShown,
    OfCard,
    make_emergency_card,
    read_emergency_card,
    revoke_emergency_card,
)
from dmp.entrypoints.web import headers
from dmp.entrypoints.web.card.words import card_text
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.formats.qr import qr_svg
from dmp.locale import translate

KINDS = ("lien", "texte")
FORMATS = ("carte", "a5")


async def _read(visit: Visit) -> CardShown:
    return await visit.do(read_emergency_card, OfCard(record_id=record_of(visit)))


async def card(visit: Visit) -> Response:
    """The card, as it will be printed; which kind and which size stand in the address."""
    shown = await _read(visit)
    kind = visit.asked("type") if visit.asked("type") in KINDS else KINDS[0]
    size = visit.asked("format") if visit.asked("format") in FORMATS else FORMATS[0]
    said = card_text(shown.content, visit.now)
    address = f"{visit.options.base_url}/carte"
    qr = Markup()
    if kind == "texte" and shown.content.says_something:
        qr = _image(said, translate("Code QR : le texte de la carte"))
    elif kind == "lien" and shown.card is not None:
        qr = _image(f"{address}#{shown.card.number}", translate("Code QR de la carte d’urgence"))
    return visit.render(
        "card/card.html",
        "Carte d’urgence",
        record_id=record_of(visit),
        content=shown.content,
        card=shown.card,
        number=spaced(shown.card.number) if shown.card is not None else "",
        kind=kind,
        size=size,
        said=said,
        qr=qr,
        address=address,
    )


def _image(text: str, label: str) -> Markup:
    # Written by us from plain text: every letter stands in the geometry or, escaped, in the title.
    return Markup(qr_svg(text, label))  # noqa: S704


async def make(visit: Visit) -> Response:
    """Make the card that leads to the record; the one before is worth nothing any more."""
    await visit.do(make_emergency_card, OfCard(record_id=record_of(visit)))
    visit.notice("La carte est prête. Une carte imprimée avant ne mène plus nulle part.")
    return visit.go_to(f"{home_of(record_of(visit))}/carte-urgence")


async def revoke(visit: Visit) -> Response:
    """Revoke the card."""
    await visit.do(revoke_emergency_card, OfCard(record_id=record_of(visit)))
    visit.notice("La carte est annulée : son code ne mène plus nulle part.")
    return visit.go_to(f"{home_of(record_of(visit))}/carte-urgence")


async def content(visit: Visit) -> Response:
    """What stands on the card, as JSON, for the copy that the device keeps when its holder asks for it."""
    shown = await _read(visit)
    body = {
        "content": msgspec.to_builtins(shown.content),
        "text": card_text(shown.content, visit.now),
        "written_at": visit.now.isoformat(),
    }
    visit.policy = headers.FILE_POLICY
    return Response(msgspec.json.encode(body), media_type="application/json")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/carte-urgence"
PAGES = (
    Page(path=_PATH, view=card, authentication=_HOLDER, acts=(read_emergency_card,)),
    Page(
        path=_PATH + "/contenu", view=content, authentication=_HOLDER, acts=(read_emergency_card,)
    ),
    Page(
        path=_PATH + "/preparer",
        view=make,
        authentication=_HOLDER,
        method="POST",
        acts=(make_emergency_card,),
    ),
    Page(
        path=_PATH + "/annuler",
        view=revoke,
        authentication=_HOLDER,
        method="POST",
        acts=(revoke_emergency_card,),
    ),
)
