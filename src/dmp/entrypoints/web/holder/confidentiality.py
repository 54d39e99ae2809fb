"""Mask a document or show it again, knowing who would see it before and after.

The tables on these pages are answers of the rules that also decide: they cannot promise otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from starlette.responses import Response

from dmp.acts.documents.preview_visibility import PreviewVisibility, preview_visibility
from dmp.acts.documents.retrieve_document import RetrieveDocument, read_metadata
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.domain.access.preview import Group, Row
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.holder.documents import document_id_of
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_CHANGES = {"masquer": Change.MASK, "montrer": Change.UNMASK}
_NAMED_AT_ONCE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One line of the table: who, in words, and whether he sees the document today and after."""

    name: str
    about: str
    more: tuple[str, ...]
    today: bool
    after: bool

    @property
    def changes(self) -> bool:
        """Whether the change makes a difference to him."""
        return self.today != self.after


async def confidentiality(visit: Visit) -> Response:
    """Who sees this document today, who would after the change; then the change."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    path = f"{home_of(record_id)}/documents/{document_id}"
    if visit.request.method == "POST":
        change = _CHANGES.get(visit.form.text("choix"))
        if change is None:
            raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
        request = UpdateMetadata(document=document_id, changes=(change,), within=record_id)
        await visit.do(update_metadata, request)
        return visit.go_to(f"{path}/confidentialite/resultat")
    entry = await visit.do(read_metadata, RetrieveDocument(document=document_id, within=record_id))
    considered = replace(entry.visibility, masked=not entry.visibility.masked)
    previewed = await visit.do(
        preview_visibility,
        PreviewVisibility(document=document_id, within=record_id, considered=considered),
    )
    return visit.render(
        "holder/confidentiality.html",
        f"Confidentialité : {entry.title}",
        record_id=record_id,
        entry=entry,
        readers=readers_of(previewed.rows),
        path=path,
    )


async def result(visit: Visit) -> Response:
    """Who sees this document now, and the way back."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    previewed = await visit.do(
        preview_visibility, PreviewVisibility(document=document_id, within=record_id)
    )
    entry = previewed.entry
    visit.live.state.notice = ""
    done = "Document masqué." if entry.visibility.masked else "Document visible."
    return visit.render(
        "holder/confidentiality_result.html",
        f"Confidentialité enregistrée : {entry.title}",
        record_id=record_id,
        entry=entry,
        readers=readers_of(previewed.rows),
        done=done,
        path=f"{home_of(record_id)}/documents/{document_id}",
    )


_GROUPS = {
    Group.HOLDER: "vous",
    Group.REPRESENTATIVE: "votre représentant",
    Group.AUTHOR: "auteur du document",
    Group.AUTHOR_STRUCTURE: "équipe qui a déposé le document, avec votre accord",
    Group.ATTENDING_DOCTOR: "votre médecin traitant",
    Group.ADMINISTRATOR: "professionnel que vous avez désigné",
    Group.BLOCKED: "bloqué par vous",
}
_EMERGENCIES = {
    Group.REGULATION: ("Le médecin régulateur du SAMU", "lors d’un appel vous concernant"),
    Group.BREAK_GLASS: ("Tout autre médecin, en urgence", "si vous ne pouvez pas vous exprimer"),
}


def readers_of(rows: tuple[Row, ...]) -> tuple[Reader, ...]:
    """Lines of the table; professions that fare alike share one."""
    found: list[Reader] = []
    alike: dict[tuple[bool, bool], list[str]] = {}
    emergencies: list[Reader] = []
    for row in rows:
        today, after = row.today.seen, row.after.seen
        if row.group is Group.PROFESSION:
            alike.setdefault((today, after), []).append(row.name)
        elif row.group in _EMERGENCIES:
            name, about = _EMERGENCIES[row.group]
            emergencies.append(_reader(name, about, today, after))
        else:
            found.append(_reader(row.name, _GROUPS[row.group], today, after))
    for (today, after), names in sorted(alike.items(), reverse=True):
        found.append(_professions(names, today, after))
    return (*found, *emergencies)


def _reader(name: str, about: str, today: bool, after: bool, more: tuple[str, ...] = ()) -> Reader:
    return Reader(name=translate(name), about=translate(about), more=more, today=today, after=after)


def _professions(names: list[str], today: bool, after: bool) -> Reader:
    plain = [name.removeprefix("Les ") for name in names]
    if len(plain) <= _NAMED_AT_ONCE:
        name = "Les autres " + ", ".join(plain)
        return _reader(name, "avec votre accord", today, after)
    name = f"Les autres professionnels : {', '.join(plain[:3])}…"
    about = f"{len(plain)} professions, avec votre accord"
    return _reader(name, about, today, after, tuple(plain))


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/documents/{document}/confidentialite"
PAGES = (
    *form_page(_PATH, confidentiality, _HOLDER, read_metadata, preview_visibility, update_metadata),
    Page(
        path=_PATH + "/resultat",
        view=result,
        authentication=_HOLDER,
        acts=(preview_visibility,),
    ),
)
