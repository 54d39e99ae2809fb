"""The text of a document, to be pasted into the software of a practice.

It is what the page of the document says in words; what must be warned of first is not given here.
"""

from __future__ import annotations

import re
from html import unescape

from starlette.responses import Response

from dmp.acts.documents.retrieve_document import RetrieveDocument, retrieve_document
from dmp.acts.sharing.check_access import check_access
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.professional.shelf.browsing import WARNINGS
from dmp.entrypoints.web.record import reading
from dmp.entrypoints.web.record.files import document_id_of
from dmp.entrypoints.web.record.reading import Reading
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

_ENDS_LINE = re.compile(r"</(?:p|h[1-6]|li|tr|dd|caption|section)>|<br/?>")
_ENDS_CELL = re.compile(r"</(?:td|th|dt)>")
_TAG = re.compile(r"<[^>]*>")


def text_of(shown: Reading) -> str:
    """What a reading says, line by line; the cells of a table are parted by tabulators."""
    lined = _ENDS_CELL.sub("\t", _ENDS_LINE.sub("\n", str(shown.html)))
    lines = (unescape(_TAG.sub("", line)).strip() for line in lined.split("\n"))
    said = "\n".join(line for line in lines if line)
    return "\n\n".join(part for part in (said, shown.text) if part)


async def copied(visit: Visit, patient: Patient) -> Response:
    """The text in a field to copy from."""
    request = RetrieveDocument(document=document_id_of(visit), within=patient.ins)
    retrieved = await visit.do(retrieve_document, request)
    entry = retrieved.entry
    path = f"{patient.path}/documents/{entry.document_id}"
    shown = await reading.read_document(
        retrieved,
        patient.status.record.traits,
        whole=f"{path}/lecture",
        attachment=lambda number: f"{path}/pieces/{number}",
    )
    if shown.wrong_identity or any(duty in WARNINGS for duty in retrieved.duties):
        return visit.go_to(path)
    return render(
        visit,
        "professional/copied.html",
        translate(
            "Copier : {title}, {patient}",
            title=entry.title,
            patient=patient.status.record.traits.display,
        ),
        patient=patient,
        entry=entry,
        path=path,
        text=text_of(shown),
    )


PAGES = (
    Page(
        path="/pro/patients/{patient}/documents/{document}/copier",
        view=about_patient(copied),
        authentication=Authentication.READER,
        acts=(check_access, retrieve_document),
    ),
)
