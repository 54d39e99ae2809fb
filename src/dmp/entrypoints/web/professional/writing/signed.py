"""The frame of a document that a professional writes here: by him, where he works now, once for each form."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from dmp.domain.codes import TRE_A01_PRACTICE, TRE_A02_SPECIALTY, TRE_R02_SECTOR, Code
from dmp.domain.documents.entry import Author, AuthorKind, DocumentEntry
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import PS_ROOT, STRUCTURE_ROOT, UniqueId
from dmp.domain.value_sets import FACILITY_TYPE, PRACTICE_SETTING, value_set
from dmp.entrypoints.web.login.sessions import ProfessionalIdentity
from dmp.entrypoints.web.professional.patient import Patient
from dmp.entrypoints.web.visit import Visit
from dmp.formats.cda.clinical_document import Patient as Person
from dmp.formats.cda.writing.frame import Frame


def unique_id_of(visit: Visit) -> UniqueId:
    """One form makes one document, however often it is sent."""
    key = hashlib.sha256(f"{visit.caller.id}\n{visit.form.text('cle')}".encode()).digest()[:16]
    return UniqueId(f"2.25.{int.from_bytes(key, 'big')}")


def frame_of(
    visit: Visit,
    patient: Patient,
    previous: DocumentEntry | None = None,
    act_start: datetime | None = None,
) -> Frame:
    """By whoever is logged in, about the patient of the address; a new version of `previous` if there is one.

    Raises:
        Refused: ACT_NOT_ALLOWED, his place of work is of no known kind.
    """
    unique_id = unique_id_of(visit)
    sector = visit.caller.structure.sector if visit.caller.structure is not None else ""
    facility = value_set(FACILITY_TYPE).find(sector, TRE_R02_SECTOR)
    setting = value_set(PRACTICE_SETTING).find("AMBULATOIRE", TRE_A01_PRACTICE)
    if facility is None or setting is None:
        raise Refused(Reason.ACT_NOT_ALLOWED)
    return Frame(
        unique_id=unique_id,
        patient=Person(ins=patient.ins, traits=patient.status.record.traits),
        author=_author(visit),
        written_at=visit.now.astimezone(UTC),
        facility=facility,
        setting=setting,
        act_start=act_start,
        set_id=(previous.set_id if previous is not None else "") or unique_id.value,
        version=previous.version + 1 if previous is not None else 1,
        replaces=(previous.unique_id,) if previous is not None else (),
    )


def _author(visit: Visit) -> Author:
    who = visit.live.state.who
    if not isinstance(who, ProfessionalIdentity) or who.workplace is None:
        raise Refused(Reason.NOT_AUTHENTICATED)
    place = who.workplace
    code = (
        f"G15_{place.profession}/{place.know_how}" if place.know_how else f"G15_{place.profession}"
    )
    label = place.know_how_label or place.profession_label
    return Author(
        kind=AuthorKind.PROFESSIONAL,
        id=who.id_nat,
        id_root=PS_ROOT,
        family=who.family,
        given=who.given,
        specialty=Code(code, TRE_A02_SPECIALTY, label),
        structure_id=place.structure_id,
        structure_root=STRUCTURE_ROOT,
        structure_name=place.structure_name,
    )
