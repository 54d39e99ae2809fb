"""The identity of a person as the command line takes it: by options, or from the header of a CDA."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lxml import etree

from dmp.cli.terminal import CannotDo
from dmp.domain.errors import Refused
from dmp.domain.identifiers import Ins, InsRoot
from dmp.domain.identity.patient import Sex, Traits
from dmp.formats.cda.document import open_document, plain_text, v3

_INS_ROOTS = {root.value for root in InsRoot}
_ROLE, _PATIENT, _ID = v3("recordTarget/patientRole"), v3("patient"), v3("id")
_NAME, _FAMILY, _GIVEN = v3("name"), v3("family"), v3("given")
_SEX, _BIRTH = v3("administrativeGenderCode"), v3("birthTime")
_BIRTH_PLACE = v3("birthplace/place/addr/county")


def ins_of(matricule: str, root: str, *, test_mode: bool) -> Ins:
    """An INS from the command line. An empty root is the test root in test mode, else the NIR."""
    default = InsRoot.NIR_TEST if test_mode else InsRoot.NIR
    return Ins.parse(matricule, root or default.value, test_mode=test_mode)


def traits_of(name: str, given: str, sex: str, birth_date: str, birth_place: str) -> Traits:
    """Traits from the command line. Raises CannotDo, and Refused as `Traits` does."""
    try:
        return Traits(
            birth_name=name,
            given_names=given,
            sex=Sex(sex.upper()),
            birth_date=date.fromisoformat(birth_date),
            birth_place=birth_place,
        )
    except Refused:
        raise
    except ValueError:
        raise CannotDo(
            "the traits need --name, --given, --sex M, F or I and --birth-date as YYYY-MM-DD "
            "(or --from-cda with a file)."
        ) from None


def identity_in_cda(file: Path, *, test_mode: bool) -> tuple[Ins, Traits]:
    """The INS and the traits of the person a CDA document is about.

    Raises:
        CannotDo: the header has no INS or lacks a trait.
        Refused: not a CDA, unreadable, or the INS is not acceptable here.
    """
    role = open_document(file.read_bytes()).element.find(_ROLE)
    patient = role.find(_PATIENT) if role is not None else None
    if role is None or patient is None:
        raise CannotDo(f"{file} names no patient in its header.")
    ins = _ins(role, file, test_mode=test_mode)
    names = list(patient.iterfind(_NAME))
    birth = patient.find(_BIRTH)
    digits = birth.get("value", "")[:8] if birth is not None else ""
    sex = patient.find(_SEX)
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        raise CannotDo(
            f"{file} holds no birth date in its header; give the traits yourself."
        ) from None
    code = sex.get("code", "I") if sex is not None else "I"
    return ins, Traits(
        birth_name=_part(names, _FAMILY, ("BR", "")),
        given_names=_part(names, _GIVEN, ("", "BR")),
        sex=Sex(code) if code in set(Sex) else Sex.UNKNOWN,
        birth_date=born,
        birth_place=plain_text(patient.find(_BIRTH_PLACE)),
    )


def _ins(role: etree._Element, file: Path, *, test_mode: bool) -> Ins:
    for identifier in role.iterfind(_ID):
        if identifier.get("root", "") in _INS_ROOTS:
            return Ins.parse(
                identifier.get("extension", ""), identifier.get("root", ""), test_mode=test_mode
            )
    raise CannotDo(f"{file} holds no INS in its header; give it with --ins.")


def _part(names: list[etree._Element], tag: str, qualifiers: tuple[str, ...]) -> str:
    """The first part of the name with one of the qualifiers, the preferred one first."""
    for qualifier in qualifiers:
        for name in names:
            for part in name.iterfind(tag):
                if part.get("qualifier", "") == qualifier and plain_text(part):
                    return plain_text(part)
    return ""
