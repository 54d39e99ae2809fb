"""The patient of a resource: always an INS, in whichever of the usual ways it is written.

Source: PDSm (subject, sourcePatientInfo); PDSM4DMP, `Patient?identifier=` references.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import unquote

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.formats.fhir.elements import Element, read_concept, read_ins
from dmp.formats.fhir.participants import Contained
from dmp.formats.fhir.systems import oid_of

_BY_IDENTIFIER: Final = "Patient?identifier="


def read_subject(resource: Element, name: str, contained: Contained, *, test_mode: bool) -> Ins:
    """The person that a reference names by her INS.

    Taken: an `identifier`, `Patient?identifier=system|value`, a contained Patient, a Patient of the
    same Bundle.

    Raises:
        Refused: METADATA_MISSING, METADATA_INVALID, or what `Ins.parse` refuses.
    """
    reference = resource.child(name)
    if reference is None:
        raise Refused(Reason.METADATA_MISSING, field=f"{resource.path}.{name}")
    found = {
        ins
        for ins in (
            _by_identifier(reference, test_mode),
            _by_search(reference, test_mode),
            _by_resource(reference, contained, test_mode),
        )
        if ins is not None
    }
    if len(found) > 1:
        raise Refused(Reason.PATIENT_MISMATCH, field=reference.path, where=name)
    if not found:
        raise reference.wrong("identifier", "the INS, with its system urn:oid:1.2.250.1.213.1.4.8")
    return found.pop()


def _by_identifier(reference: Element, test_mode: bool) -> Ins | None:
    identifier = reference.child("identifier")
    return read_ins(identifier, test_mode=test_mode) if identifier is not None else None


def _by_search(reference: Element, test_mode: bool) -> Ins | None:
    target = reference.text("reference")
    if _BY_IDENTIFIER not in target:
        return None
    system, _, value = unquote(target.partition(_BY_IDENTIFIER)[2]).partition("|")
    stated = Element({"system": system, "value": value}, f"{reference.path}.reference")
    return read_ins(stated, test_mode=test_mode)


def _by_resource(reference: Element, contained: Contained, test_mode: bool) -> Ins | None:
    resource = contained.resolve(reference)
    if resource is None:
        return None
    if resource.text("resourceType") != "Patient":
        raise reference.wrong("reference", "a Patient is expected")
    return read_patient_ins(resource, test_mode=test_mode)


def read_patient_ins(resource: Element, *, test_mode: bool) -> Ins | None:
    """The INS of a Patient, or None when he has none; an old one is passed over.

    Raises:
        Refused: METADATA_INVALID, two different ones; or what `Ins.parse` refuses.
    """
    found = {
        ins
        for one in resource.children("identifier")
        if one.text("use") != "old" and (ins := read_ins(one, test_mode=test_mode)) is not None
    }
    if len(found) > 1:
        raise resource.wrong("identifier", "one INS only is expected")
    return found.pop() if found else None


def read_source_patient(
    reference: Element, contained: Contained, ins: Ins, *, test_mode: bool
) -> str:
    """The sender's own identifier of the patient as `value^^^&root&ISO^type`, the INS when he has none.

    Raises:
        Refused: PATIENT_MISMATCH, the resource holds the INS of somebody else.
    """
    resource = contained.resolve(reference)
    if resource is None:
        return ""
    stated = read_patient_ins(resource, test_mode=test_mode)
    if stated is not None and stated.matricule != ins.matricule:
        raise Refused(Reason.PATIENT_MISMATCH, field=reference.path, where="sourcePatientInfo")
    own = next(
        (
            one
            for one in resource.children("identifier")
            if oid_of(one.text("system")) not in set(InsRoot) and one.text("value")
        ),
        None,
    )
    if own is None:
        return ins.cx if stated is not None else ""
    kind = read_concept(own.child("type"))
    root = oid_of(own.text("system"))
    return f"{own.text('value')}^^^&{root}&ISO^{kind.code if kind else 'PI'}"
