"""Everything that is masked, on one page, each with its way back; a whole category."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.mask_documents import mask_documents
from dmp.acts.documents.update_metadata import update_metadata
from dmp.acts.keepers import DocumentPage
from dmp.acts.person.read_traces import read_traces
from dmp.acts.sharing.keep_from import keep_from, show_again
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.acts.space.choose import ReadSpaceChoices, read_space_choices
from dmp.domain.documents.entry import DocumentEntry, Status
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import CATEGORIES
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.preferences import Covered, Mask
from dmp.entrypoints.web.holder.audience import (
    EVERYBODY,
    Kept,
    chosen,
    known_professionals,
    to_choose,
    to_whom,
)
from dmp.entrypoints.web.holder.masking import (
    Masking,
    do_masking,
    done_of,
    mask_reference,
    remembered,
    take_back,
    undoing,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.locale import translate, word

READ = 500
SHOWN = 60
_EVERY_STATE = (Status.APPROVED, Status.ARCHIVED, Status.DEPRECATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskShown:
    """A mask to some, in words; `reference` ends it."""

    what: str
    whom: str
    mask: Mask
    reference: str


async def overview(visit: Visit) -> Response:
    """Every mask in force, and where to change it."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    query = DocumentQuery(statuses=_EVERY_STATE, count=READ)
    page = await visit.do(find_documents, FindDocuments(of=record_id, query=query))
    own = await visit.do(read_space_choices, ReadSpaceChoices(record_id=record_id))
    masked = _newest([e for e in page.entries if e.visibility.masked])
    secret = _newest([e for e in page.entries if e.visibility.hidden_from_representatives])
    return visit.render(
        "holder/overview.html",
        "Confidentialité",
        record_id=record_id,
        preferences=record.preferences,
        proposes_prevention=own.proposes,
        masked=masked[:SHOWN],
        masked_total=len(masked),
        # Whoever represents the holder never meets one of these.
        secret=secret[:SHOWN],
        masks=_masks(visit, record, page),
        is_partial=page.next is not None,
        path=f"{home_of(record_id)}/documents",
        errors={},
    )


def _newest(entries: list[DocumentEntry]) -> list[DocumentEntry]:
    """Documents without those that a later one of the list replaces: they change with it."""
    replaced = {entry.replaces for entry in entries}
    return [entry for entry in entries if entry.document_id not in replaced]


def _masks(visit: Visit, record: HealthRecord, page: DocumentPage) -> list[MaskShown]:
    """Masks to some. One on a document that the reader may not know is no mask to him."""
    entries = {str(entry.document_id): entry for entry in page.entries}
    replaced = {entry.replaces for entry in page.entries}
    found = []
    for mask in record.preferences.masks:
        if not mask.in_force(visit.now):
            continue
        what = translate("Tout le dossier")
        if mask.covered is Covered.CATEGORY:
            what = word("category", mask.target)
        elif mask.covered is Covered.DOCUMENT:
            entry = entries.get(mask.target)
            if entry is None or entry.document_id in replaced:
                continue
            what = entry.title
        found.append(
            MaskShown(
                what=what,
                whom=to_whom(mask.name or mask.audience_id),
                mask=mask,
                reference=mask_reference(visit, mask),
            )
        )
    return sorted(found, key=lambda shown: (shown.whom, shown.what))


async def show(visit: Visit) -> Response:
    """End one mask of the overview."""
    key = await take_back(visit, visit.form.text("masque"))
    return _to_result(visit, key)


def _to_result(visit: Visit, key: str) -> Response:
    path = f"{home_of(record_of(visit))}/confidentialite/resultat"
    return visit.go_to(path, {"fait": key})


async def category(visit: Visit) -> Response:
    """A whole category, or everything, from somebody: what is there and what will come."""
    record_id = record_of(visit)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        errors = _missing(visit)
        if not errors:
            try:
                return _to_result(visit, await _keep_category(visit, record))
            except Refused as refused:
                if refused.reason is not Reason.MASK_NOT_POSSIBLE:
                    raise
                errors["qui"] = refusal(refused)
    known = await known_professionals(visit, record)
    everybody = (
        (translate("Le plus courant"), ((EVERYBODY, translate("Tous les professionnels")),)),
    )
    return visit.render(
        "holder/category.html",
        "Masquer une catégorie",
        status=400 if errors else 200,
        record_id=record_id,
        categories=[(code, word("category", code)) for code in CATEGORIES],
        whom=(*everybody, *to_choose(visit, record, known)),
        typed=visit.form,
        asked=visit.form.text("categorie") or visit.asked("categorie"),
        errors=errors,
    )


_ALL = "tout"


def _missing(visit: Visit) -> dict[str, str]:
    form, errors = visit.form, {}
    target = form.text("categorie")
    if target != _ALL and target not in CATEGORIES:
        errors["categorie"] = "Choisissez une catégorie."
    everybody = form.text("qui") in ("", EVERYBODY)
    if everybody and target == _ALL:
        errors["categorie"] = "Pour tout masquer à tous, choisissez une catégorie après l’autre."
    if everybody and not (form.checked("presents") or form.checked("futurs")):
        errors["presents"] = "Cochez les documents présents, les prochains, ou les deux."
    return errors


async def _keep_category(visit: Visit, record: HealthRecord) -> str:
    form = visit.form
    kept: Kept | None = chosen(visit, form.text("qui"))
    target = "" if form.text("categorie") == _ALL else form.text("categorie")
    if kept is not None:
        return await do_masking(visit, Masking(masked=True, category=target, kept=kept))
    future = form.checked("futurs") and target not in record.preferences.masked_categories
    if future:
        await _choose_future(visit, record, target, masked=True)
    masking = Masking(masked=True, category=target, future=future)
    return await do_masking(visit, masking, only_future=not form.checked("presents"))


async def _choose_future(visit: Visit, record: HealthRecord, target: str, *, masked: bool) -> None:
    """New documents of this category are masked from now on, or no longer."""
    chosen_now = set(record.preferences.masked_categories) - {target}
    if masked:
        chosen_now.add(target)
    request = SetPreferences(
        record_id=record.record_id,
        mask_new_documents=record.preferences.mask_new_documents,
        emergency=record.preferences.emergency,
        masked_categories=tuple(chosen_now),
    )
    await visit.do(set_preferences, request)


async def result(visit: Visit) -> Response:
    """What was done, and the way back."""
    record_id = record_of(visit)
    await visit.do(read_choices, ReadChoices(of=record_id))
    key = visit.asked("fait")
    done = remembered(visit, key)
    if done is None:
        return visit.go_to(f"{home_of(record_id)}/confidentialite")
    return visit.render(
        "holder/masking_result.html",
        "Confidentialité enregistrée",
        record_id=record_id,
        sentence=done_of(done),
        done=done,
        key=key,
    )


async def undo(visit: Visit) -> Response:
    """Take back a change that was just made. What was masked before it stays so."""
    key, home = visit.form.text("fait"), home_of(record_of(visit))
    done = remembered(visit, key)
    if done is None:
        raise Refused(Reason.PARAMETER_INVALID, parameter="fait", detail="choix inconnu")
    if done.future:
        record = await visit.do(read_choices, ReadChoices(of=record_of(visit)))
        await _choose_future(visit, record, done.target, masked=not done.masked)
    masking = undoing(done)
    if masking.documents or masking.kept is not None:
        await do_masking(visit, masking)
    del visit.live.state.masked[key]
    visit.notice("C’est annulé : tout est comme avant.")
    if masking.documents and not done.target:
        return visit.go_to(f"{home}/documents/{masking.documents[0]}/confidentialite")
    return visit.go_to(f"{home}/confidentialite")


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/confidentialite"
_MASKING = (mask_documents, update_metadata, keep_from, show_again)
PAGES = (
    Page(
        path=_PATH,
        view=overview,
        authentication=_HOLDER,
        acts=(read_choices, find_documents, read_space_choices),
    ),
    Page(path=_PATH + "/resultat", view=result, authentication=_HOLDER, acts=(read_choices,)),
    *form_page(
        _PATH + "/categorie",
        category,
        _HOLDER,
        read_choices,
        read_traces,
        set_preferences,
        *_MASKING,
    ),
    Page(
        path=_PATH + "/montrer",
        view=show,
        authentication=_HOLDER,
        method="POST",
        acts=_MASKING,
    ),
    Page(
        path=_PATH + "/annuler",
        view=undo,
        authentication=_HOLDER,
        method="POST",
        acts=(read_choices, set_preferences, *_MASKING),
    ),
)
