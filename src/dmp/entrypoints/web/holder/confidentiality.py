"""From whom one document is kept, knowing who would see it before and after.

The tables on these pages are answers of the rules that also decide: they cannot promise otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.find_episode import Episode, FindEpisode, find_episode
from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.preview_visibility import PreviewVisibility, preview_visibility
from dmp.acts.documents.update_metadata import update_metadata
from dmp.acts.person.read_traces import read_traces
from dmp.acts.sharing.keep_from import keep_from, show_again
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Covered, Mask
from dmp.entrypoints.web.holder.audience import (
    EVERYBODY,
    REFERENCE,
    Kept,
    Known,
    Options,
    by_whom,
    chosen,
    known_professionals,
    to_choose,
    to_whom,
)
from dmp.entrypoints.web.holder.masking import (
    PARENTS,
    Masking,
    do_masking,
    done_of,
    mask_reference,
    remembered,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.holder.readers import readers_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.record.filing import category_of
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.locale import translate

_DOES = {"masquer": True, "montrer": False}
OFFERED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """One thing that keeps the document from somebody today, and how it is taken back.

    `choice` is what this page's form sends to show it again, `mask` what the one of all masks sends.
    """

    sentence: str
    choice: str = ""
    mask: str = ""


async def confidentiality(visit: Visit) -> Response:
    """Who sees this document today, who would after the change; then the change."""
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        try:
            return await _change(visit)
        except Refused as refused:
            if refused.reason not in (Reason.MASK_NOT_POSSIBLE, Reason.VISIBILITY_CONFLICT):
                raise
            errors["envisager"] = refusal(refused)
    return await _page(visit, errors)


async def _change(visit: Visit) -> Response:
    record_id, document_id = record_of(visit), document_id_of(visit)
    masked = _DOES.get(visit.form.text("choix"))
    if masked is None:
        raise Refused(Reason.PARAMETER_INVALID, parameter="choix", detail="choix inconnu")
    others = await _accepted(visit, masked)
    choice = visit.form.text("envisager")
    masking = Masking(
        masked=masked,
        documents=(document_id, *others),
        kept=None if choice == PARENTS else chosen(visit, choice),
        from_parents=choice == PARENTS,
    )
    key = await do_masking(visit, masking)
    path = f"{home_of(record_id)}/documents/{document_id}/confidentialite/resultat"
    return visit.go_to(path, {"fait": key})


async def _accepted(visit: Visit, masked: bool) -> list[UUID]:
    """The documents of the same episode that were ticked; what does not belong to it is left out."""
    ticked = set(visit.form.texts("avec")[:OFFERED])
    if not ticked or not masked:
        return []
    episode = await visit.do(
        find_episode, FindEpisode(document=document_id_of(visit), within=record_of(visit))
    )
    return [
        one.entry.document_id
        for one in episode.related[:OFFERED]
        if str(one.entry.document_id) in ticked
    ]


async def _page(visit: Visit, errors: dict[str, str]) -> Response:
    record_id, document_id = record_of(visit), document_id_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    episode = await visit.do(find_episode, FindEpisode(document=document_id, within=record_id))
    entry = episode.entry
    known = await known_professionals(visit, record)
    choice = visit.form.text("envisager") or visit.asked("envisager", REFERENCE) or EVERYBODY
    parents = _may_hide_from_parents(visit, record)
    kept = None if choice == PARENTS and parents else chosen(visit, choice)
    from_parents = choice == PARENTS and parents
    request = _considered(visit, entry, kept, from_parents)
    previewed = await visit.do(preview_visibility, request)
    return visit.render(
        "holder/confidentiality.html",
        translate("Confidentialité : {title}", title=entry.title),
        status=400 if errors else 200,
        record_id=record_id,
        entry=entry,
        readers=readers_of(visit, previewed.rows),
        path=f"{home_of(record_id)}/documents/{document_id}",
        in_force=_in_force(visit, record, entry, parents),
        choices=_choices(visit, record, known, parents),
        choice=choice,
        kept=kept,
        to_whom=to_whom(kept.name) if kept else "",
        by_whom=by_whom(kept.name) if kept else "",
        is_in_force=_is_in_force(visit, record, entry, kept, from_parents),
        from_parents=from_parents,
        episode=_offered(episode, kept, from_parents),
        errors=errors,
    )


def _may_hide_from_parents(visit: Visit, record: HealthRecord) -> bool:
    """A minor, on her own record, keeps a document from those who represent her."""
    return visit.profile is None and record.is_minor(visit.now, visit.house.policy.majority_age)


def _choices(visit: Visit, record: HealthRecord, known: dict[str, Known], parents: bool) -> Options:
    first = [(EVERYBODY, translate("Tous les professionnels"))]
    if parents:
        first.append((PARENTS, translate("Mes parents et mes représentants légaux")))
    return ((translate("Le plus courant"), tuple(first)), *to_choose(visit, record, known))


def _considered(
    visit: Visit, entry: DocumentEntry, kept: Kept | None, from_parents: bool
) -> PreviewVisibility:
    """The question to the rules: what would change if this were chosen, or taken back."""
    request = PreviewVisibility(document=entry.document_id, within=record_of(visit))
    seen = entry.visibility
    if kept is not None:
        return replace(request, kept=_mask(visit, entry, kept))
    if from_parents:
        other = replace(seen, hidden_from_representatives=not seen.hidden_from_representatives)
        return replace(request, considered=other)
    return replace(request, considered=replace(seen, masked=not seen.masked))


def _mask(visit: Visit, entry: DocumentEntry, kept: Kept) -> Mask:
    return Mask(
        audience=kept.audience,
        audience_id=kept.id,
        name=kept.name,
        covered=Covered.DOCUMENT,
        target=str(entry.document_id),
        start=visit.now,
    )


def _is_in_force(
    visit: Visit, record: HealthRecord, entry: DocumentEntry, kept: Kept | None, from_parents: bool
) -> bool:
    """Whether the document is already kept from whom is considered."""
    if kept is None:
        seen = entry.visibility
        return seen.hidden_from_representatives if from_parents else seen.masked
    return any(
        mask.audience is kept.audience and mask.audience_id == kept.id
        for mask in _masks_on(visit, record, entry)
    )


def _masks_on(visit: Visit, record: HealthRecord, entry: DocumentEntry) -> list[Mask]:
    """Masks to some that cover this document today."""
    targets = {
        (Covered.DOCUMENT, str(entry.document_id)),
        (Covered.CATEGORY, category_of(entry)),
        (Covered.EVERYTHING, ""),
    }
    return [
        mask
        for mask in record.preferences.masks
        if mask.in_force(visit.now) and (mask.covered, mask.target) in targets
    ]


def _in_force(
    visit: Visit, record: HealthRecord, entry: DocumentEntry, parents: bool
) -> list[InForce]:
    found = []
    if entry.visibility.masked:
        sentence = translate("Ce document est masqué à tous les professionnels.")
        found.append(InForce(sentence=sentence, choice=EVERYBODY))
    if entry.visibility.hidden_from_representatives and visit.profile is None:
        sentence = translate("Ce document n’est pas visible par les représentants légaux.")
        found.append(InForce(sentence=sentence, choice=PARENTS if parents else ""))
    words = {
        Covered.DOCUMENT: "Ce document est caché {to}.",
        Covered.CATEGORY: "Toute cette catégorie est cachée {to}.",
        Covered.EVERYTHING: "Tout le dossier est caché {to}.",
    }
    for mask in _masks_on(visit, record, entry):
        sentence = translate(words[mask.covered], to=to_whom(mask.name or mask.audience_id))
        found.append(InForce(sentence=sentence, mask=mask_reference(visit, mask)))
    return found


def _offered(
    episode: Episode, kept: Kept | None, from_parents: bool
) -> list[tuple[DocumentEntry, str]]:
    """Documents of the same episode that are not masked yet, with the link in words."""
    return [
        (one.entry, translate(f"link.{one.link.value}"))
        for one in episode.related[:OFFERED]
        if (kept is not None or from_parents or not one.entry.visibility.masked)
        and not (from_parents and one.entry.visibility.hidden_from_representatives)
    ]


async def result(visit: Visit) -> Response:
    """Who sees this document now, and the way back."""
    record_id, document_id = record_of(visit), document_id_of(visit)
    request = PreviewVisibility(document=document_id, within=record_id)
    previewed = await visit.do(preview_visibility, request)
    entry = previewed.entry
    key = visit.asked("fait")
    done = remembered(visit, key)
    is_masked = entry.visibility.masked
    return visit.render(
        "holder/confidentiality_result.html",
        translate("Confidentialité enregistrée : {title}", title=entry.title),
        record_id=record_id,
        entry=entry,
        readers=readers_of(visit, previewed.rows),
        done=done_of(done) if done else "Document masqué." if is_masked else "Document visible.",
        others=len(done.documents) - 1 if done else 0,
        left=done.left if done else 0,
        key=key if done else "",
        path=f"{home_of(record_id)}/documents/{document_id}",
    )


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/documents/{document}/confidentialite"
PAGES = (
    *form_page(
        _PATH,
        confidentiality,
        _HOLDER,
        read_choices,
        read_traces,
        find_episode,
        preview_visibility,
        mask_documents,
        update_metadata,
        keep_from,
        show_again,
    ),
    Page(
        path=_PATH + "/resultat",
        view=result,
        authentication=_HOLDER,
        acts=(preview_visibility,),
    ),
)
