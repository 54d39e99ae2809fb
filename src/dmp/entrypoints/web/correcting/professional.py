"""What a professional has to answer about documents that he wrote.

He may have lost access to the record since: he then sees the title that he gave and what was said of it, and
nothing else. The way to the patient is the ordinary one, which decides for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from dmp.acts.corrections.answer_correction import (
    AnswerCorrection,
    ReadOwed,
    answer_correction,
    read_owed_correction,
)
from dmp.acts.corrections.list_corrections import ListOwed, Owed, list_owed_corrections
from dmp.acts.sharing.check_access import CheckAccess, check_access
from dmp.domain.arranging.correction import MAX_TEXT, Answer, CorrectionRequest
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.record.relations import Authorisation
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.professional.patient import path_of, reference_to
from dmp.entrypoints.web.refusals import STATUS
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import refusal
from dmp.locale import translate

_LIST = "/pro/corrections"
ANSWERS: dict[Answer, tuple[str, str]] = {
    Answer.CORRECTED: (
        "C’est corrigé",
        "Vous avez remplacé le document, ou vous le faites maintenant. Un commentaire est possible.",
    ),
    Answer.NOTED: (
        "J’ajoute une remarque",
        "Le document reste, votre remarque est lue avec la demande.",
    ),
    Answer.REFUSED: ("Je ne corrige pas", "Écrivez pourquoi : le patient le lira."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A request, and the address of its page."""

    request: CorrectionRequest
    path: str


def _path(visit: Visit, owed: Owed) -> str:
    return f"{_LIST}/{visit.seal('correction', f'{owed.record_id}/{owed.request.slip_id}')}"


def _named(visit: Visit) -> ReadOwed:
    """The request of the address. Raises Refused: CORRECTION_NOT_FOUND."""
    try:
        record_id, _, slip_id = visit.unseal("correction", visit.part("correction")).partition("/")
    except Refused:
        raise Refused(Reason.CORRECTION_NOT_FOUND) from None
    return ReadOwed(record_id=RecordId(UUID(record_id)), request_id=UUID(slip_id))


async def owed(visit: Visit) -> Response:
    """The list: what waits first, then what was answered."""
    found = await visit.do(list_owed_corrections, ListOwed())
    lines = [Line(request=one.request, path=_path(visit, one)) for one in found]
    return visit.render(
        "correcting/owed.html",
        "Demandes de correction",
        waiting=[line for line in lines if not line.request.is_answered],
        answered=[line for line in lines if line.request.is_answered],
    )


async def answer(visit: Visit) -> Response:
    """One request, and the form of the answer."""
    named = _named(visit)
    found = await visit.do(read_owed_correction, named)
    errors: dict[str, str] = {}
    status = 200
    if visit.request.method == "POST":
        chosen = next((one for one in Answer if one == visit.form.text("reponse")), None)
        status = 400
        if chosen is None:
            errors["reponse"] = "Choisissez une réponse."
        else:
            try:
                await visit.do(answer_correction, _answering(visit, named, chosen))
                visit.notice("Votre réponse est enregistrée. Le patient en est averti.")
                return visit.go_to(_LIST)
            except Refused as refused:
                if refused.reason is not Reason.CORRECTION_NOT_POSSIBLE:
                    raise
                errors["texte"] = refusal(refused)
                status = STATUS[refused.category]
    return visit.render(
        "correcting/answer.html",
        "Répondre à une demande de correction",
        status=status,
        request=found.request,
        options=[
            (one.value, translate(label), translate(more)) for one, (label, more) in ANSWERS.items()
        ],
        chosen=visit.form.text("reponse"),
        typed=visit.form.text("texte"),
        longest=MAX_TEXT,
        path=_path(visit, found),
        errors=errors,
    )


def _answering(visit: Visit, named: ReadOwed, chosen: Answer) -> AnswerCorrection:
    return AnswerCorrection(
        record_id=named.record_id,
        request_id=named.request_id,
        answer=chosen,
        text=visit.form.text("texte"),
    )


async def to_document(visit: Visit) -> Response:
    """From a request to its document in the patient's record, for whoever still has access."""
    found = await visit.do(read_owed_correction, _named(visit))
    status = await visit.do(check_access, CheckAccess(ins=found.record_id))
    if status.authorisation is Authorisation.FORBIDDEN:
        raise Refused(Reason.ACCESS_BLOCKED)
    patient = path_of(reference_to(visit, status.record.ins))
    return visit.go_to(f"{patient}/documents/{found.request.document}")


_READER = Authentication.READER
_ONE = _LIST + "/{correction}"
PAGES = (
    Page(path=_LIST, view=owed, authentication=_READER, acts=(list_owed_corrections,)),
    *form_page(_ONE, answer, _READER, read_owed_correction, answer_correction),
    Page(
        path=_ONE + "/document",
        view=to_document,
        authentication=_READER,
        acts=(read_owed_correction, check_access),
    ),
)
