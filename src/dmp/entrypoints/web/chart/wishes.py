"""The leaf of wishes: advance directives, yes or no, with their document; the person of trust; whom to warn.

What the patient does not share is not there; silence is not "none".

Source: CSP L1111-11, L1111-6; ux rules of the project §7.3.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.acts.documents.find_documents import find_documents
from dmp.acts.person.read_declared import ReadDeclared, read_declared
from dmp.acts.sharing.check_access import check_access
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.chart.contents import Leaf
from dmp.entrypoints.web.chart.leaf import documents_of, opened, page
from dmp.entrypoints.web.declaring.professional import part_of
from dmp.entrypoints.web.professional.patient import Patient, about_patient, render
from dmp.entrypoints.web.record.filing import category_of
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

DIRECTIVES, RIGHTS = "DIR_ANT", "VDP"
"""Categories of documents."""


def has_directives(profile: Profile, documents: int) -> bool | None:
    """Whether there are advance directives; None where nothing tells."""
    said = profile.wishes.directives
    if documents or said.exist:
        return True
    return False if said.none_written else None


async def wishes(visit: Visit, patient: Patient) -> Response:
    """Directives, persons, and the documents that hold wishes."""
    opened(visit, patient, Leaf.WISHES)
    documents = await documents_of(visit, patient, (DIRECTIVES, RIGHTS))
    directives = [one for one in documents if category_of(one) == DIRECTIVES]
    profile = Profile()
    if patient.reads_declared:
        profile = await visit.do(read_declared, ReadDeclared(of=patient.ins))
    return render(
        visit,
        "chart/wishes.html",
        translate("Volontés de {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        answer=has_directives(profile, len(directives)),
        directives=directives,
        others=[one for one in documents if one not in directives],
        said=part_of(profile, Section.WISHES),
        trusted=profile.wishes.trusted,
        persons=profile.persons_to_warn,
    )


PAGES = (page(Leaf.WISHES, about_patient(wishes), check_access, find_documents, read_declared),)
