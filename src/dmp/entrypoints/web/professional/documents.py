"""A patient's document for a professional: read it, take it along, change what he deposited."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from dmp.acts.documents.find_documents import browse_documents
from dmp.acts.documents.retrieve_document import (
    Retrieved,
    RetrieveDocument,
    read_metadata,
    retrieve_document,
    retrieve_page,
)
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.sharing.check_access import check_access
from dmp.domain.access.rules import Duty
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identity.caller import Professional
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import (
    Patient,
    about_patient,
    ins_of_address,
    render,
)
from dmp.entrypoints.web.professional.shelf.browsing import beside, criteria_here
from dmp.entrypoints.web.professional.writing.own import is_own
from dmp.entrypoints.web.professional.writing.replacing import may_replace
from dmp.entrypoints.web.record import files, reading
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.record.filing import category_of
from dmp.entrypoints.web.synthesis.proofs import way_back
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

CHANGES: dict[Change, tuple[str, str]] = {
    Change.MASK: (
        "Masquer aux professionnels",
        "À la demande du patient. Vous et votre structure continuerez à le voir.",
    ),
    Change.UNMASK: ("Rendre visible aux professionnels", "À la demande du patient."),
    Change.SHOW_TO_PATIENT: (
        "Rendre visible au patient",
        "L’annonce lui a été faite. Ce choix est définitif.",
    ),
    Change.HIDE_FROM_REPRESENTATIVES: (
        "Cacher à ses représentants légaux",
        "À la demande du mineur. Ils ne sauront pas que le document existe.",
    ),
    Change.SHOW_TO_REPRESENTATIVES: (
        "Montrer à ses représentants légaux",
        "Seulement si le mineur le demande.",
    ),
    Change.ARCHIVE: ("Archiver", "Le document quitte la liste courante, il reste consultable."),
    Change.UNARCHIVE: ("Désarchiver", "Le document revient dans la liste courante."),
    Change.DELETE: (
        "Supprimer",
        "Le document disparaît pour tous, par exemple s’il a été déposé par erreur.",
    ),
}
_DONE = {
    Change.MASK: "Document masqué aux professionnels.",
    Change.UNMASK: "Document visible par les professionnels autorisés.",
    Change.SHOW_TO_PATIENT: "Document visible par le patient.",
    Change.HIDE_FROM_REPRESENTATIVES: "Document caché aux représentants légaux.",
    Change.SHOW_TO_REPRESENTATIVES: "Document visible par les représentants légaux.",
    Change.ARCHIVE: "Document archivé.",
    Change.UNARCHIVE: "Document désarchivé.",
    Change.DELETE: "Document supprimé.",
}


async def _retrieved(visit: Visit) -> Retrieved:
    request = RetrieveDocument(document=document_id_of(visit), within=ins_of_address(visit))
    return await visit.do(retrieve_document, request)


async def _retrieved_for_a_page(visit: Visit) -> Retrieved:
    request = RetrieveDocument(document=document_id_of(visit), within=ins_of_address(visit))
    return await visit.do(retrieve_page, request)


async def _document(visit: Visit, patient: Patient) -> Response:
    retrieved = await _retrieved(visit)
    entry = retrieved.entry
    path = f"{patient.path}/documents/{entry.document_id}"
    title = f"{entry.title}, {patient.status.record.traits.display}"
    warnings = {
        "is_not_announced": Duty.WARN_NOT_ANNOUNCED in retrieved.duties,
        "is_hidden_from_representatives": Duty.WARN_HIDDEN_FROM_REPRESENTATIVES in retrieved.duties,
    }
    if any(warnings.values()) and visit.asked("averti") != "oui":
        # The warning comes before the content. Source: EX_3.2-1025.
        template = "professional/warning.html"
        return render(visit, template, title, patient=patient, entry=entry, path=path, **warnings)
    shown = await reading.read_document(
        retrieved,
        patient.status.record.traits,
        whole=f"{path}/lecture",
        attachment=lambda number: f"{path}/pieces/{number}",
    )
    return render(
        visit,
        "professional/document.html",
        title,
        patient=patient,
        entry=entry,
        reading=shown,
        path=path,
        **await _in_its_list(visit, patient, entry),
        may_show=not shown.wrong_identity or visit.asked("identite") == "verifiee",
        category=category_of(entry),
        back=way_back(visit.asked("de"), patient.path, visit.asked("avec")),
        may_manage=bool(_possible(visit, patient, entry)),
        is_own=is_own(visit, entry),
        may_replace=_may_replace(visit, patient, entry),
        undo=_undo(visit, patient, entry),
        **warnings,
    )


async def _in_its_list(visit: Visit, patient: Patient, entry: DocumentEntry) -> dict[str, Any]:
    """What stands around the document in the list that its reader came from, and the ways there."""
    criteria, listed = criteria_here(visit), f"{patient.path}/documents"
    checked = {"averti": visit.asked("averti", 3), "identite": "verifiee"}
    return {
        "around": await beside(visit, patient, entry),
        "to": lambda other: criteria.address(f"{listed}/{other.document_id}"),
        "list_path": criteria.address(listed),
        "is_narrowed": criteria.is_narrowed,
        "show_anyway": criteria.address(f"{listed}/{entry.document_id}", **checked),
    }


async def _picture(visit: Visit, _: Patient) -> Response:
    return await files.picture(visit, _retrieved_for_a_page)


async def _view_file(visit: Visit, _: Patient) -> Response:
    return await files.view_file(visit, _retrieved)


async def _download(visit: Visit, _: Patient) -> Response:
    return await files.download(visit, _retrieved)


async def _attachment(visit: Visit, _: Patient) -> Response:
    return await files.attachment(visit, _retrieved)


def _possible(visit: Visit, patient: Patient, entry: DocumentEntry) -> tuple[Change, ...]:
    """Changes that make sense for this document and this reader; the rules have the last word."""
    mine, seen = is_own(visit, entry), entry.visibility
    if patient.in_emergency:
        return ()
    if not isinstance(visit.caller.who, Professional):
        return (Change.DELETE,) if mine else ()
    possible: list[Change] = []
    if seen.hidden_from_patient:
        possible.append(Change.SHOW_TO_PATIENT)
    else:
        possible.append(Change.UNMASK if seen.masked else Change.MASK)
    if seen.hidden_from_representatives:
        possible.append(Change.SHOW_TO_REPRESENTATIVES)
    elif patient.is_minor:
        possible.append(Change.HIDE_FROM_REPRESENTATIVES)
    if mine:
        possible.append(Change.UNARCHIVE if entry.archived else Change.ARCHIVE)
        possible.append(Change.DELETE)
    return tuple(possible)


def _may_replace(visit: Visit, patient: Patient, entry: DocumentEntry) -> bool:
    is_his = isinstance(visit.caller.who, Professional) and is_own(visit, entry)
    return is_his and not patient.in_emergency and may_replace(entry, visit.caller.who)


_OPPOSITE = {
    Change.MASK: Change.UNMASK,
    Change.UNMASK: Change.MASK,
    Change.ARCHIVE: Change.UNARCHIVE,
    Change.UNARCHIVE: Change.ARCHIVE,
    Change.HIDE_FROM_REPRESENTATIVES: Change.SHOW_TO_REPRESENTATIVES,
}
"""What takes a change back. An announcement to the patient and a deletion are for good."""


def _undo(visit: Visit, patient: Patient, entry: DocumentEntry) -> Change | None:
    """What takes back the change that led here, while it makes sense."""
    done = next((one for one in _OPPOSITE if one == visit.asked("fait", 40)), None)
    back = _OPPOSITE.get(done) if done is not None else None
    return back if back in _possible(visit, patient, entry) else None


async def _manage(visit: Visit, patient: Patient) -> Response:
    document_id = document_id_of(visit)
    request = RetrieveDocument(document=document_id, within=patient.ins)
    entry = await visit.do(read_metadata, request)
    possible = _possible(visit, patient, entry)
    if not possible:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        chosen = next((one for one in possible if one == visit.form.text("changement")), None)
        if chosen is None:
            errors["changement"] = "Choisissez ce que vous voulez faire."
        elif chosen is Change.DELETE and not visit.form.checked("confirmation"):
            errors["confirmation"] = "Cochez la case pour confirmer la suppression."
        else:
            return await _change(visit, patient, entry, chosen)
    return render(
        visit,
        "professional/manage.html",
        translate("Gérer : {title}", title=entry.title),
        status=400 if errors else 200,
        patient=patient,
        entry=entry,
        possible=[(one, *CHANGES[one]) for one in possible],
        chosen=visit.form.text("changement"),
        path=f"{patient.path}/documents/{document_id}",
        errors=errors,
    )


async def _change(visit: Visit, patient: Patient, entry: DocumentEntry, change: Change) -> Response:
    request = UpdateMetadata(document=entry.document_id, changes=(change,), within=patient.ins)
    await visit.do(update_metadata, request)
    visit.notice(_DONE[change])
    if change is Change.DELETE or (change is Change.MASK and not is_own(visit, entry)):
        return visit.go_to(f"{patient.path}/documents")
    return visit.go_to(f"{patient.path}/documents/{entry.document_id}", _followed_by(change))


def _followed_by(change: Change) -> dict[str, str] | None:
    """What the page of the document is told, so that it offers to take the change back."""
    return {"fait": change.value, "averti": "oui"} if change in _OPPOSITE else None


_READER = Authentication.READER
_PATH = "/pro/patients/{patient}/documents"
_ONE = _PATH + "/{document}"
_READ = (check_access, retrieve_document)
PAGES = (
    Page(
        path=_ONE,
        view=about_patient(_document),
        authentication=_READER,
        acts=(*_READ, browse_documents),
    ),
    Page(
        path=_ONE + "/pages/{page}",
        view=about_patient(_picture),
        authentication=_READER,
        acts=(check_access, retrieve_page),
    ),
    Page(
        path=_ONE + "/lecture", view=about_patient(_view_file), authentication=_READER, acts=_READ
    ),
    Page(
        path=_ONE + "/original", view=about_patient(_download), authentication=_READER, acts=_READ
    ),
    Page(
        path=_ONE + "/pieces/{number}",
        view=about_patient(_attachment),
        authentication=_READER,
        acts=_READ,
    ),
    *form_page(
        _ONE + "/gerer",
        about_patient(_manage),
        _READER,
        check_access,
        read_metadata,
        update_metadata,
    ),
)
