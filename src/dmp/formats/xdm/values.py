"""How XDS writes persons, structures, patients and instants: the HL7 v2 types CX, XCN, XON, DTM.

Source: IHE ITI TF-3 4.2.3.1.7; CI-SIS volet partage de documents (authorPerson, authorInstitution).
"""

from __future__ import annotations

from datetime import UTC, datetime

from dmp.domain.codes import Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import PS_ROOT, Ins
from dmp.domain.identity.patient import Traits

_ESCAPED = {"\\": "\\E\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "|": "\\F\\"}
_ESCAPES = str.maketrans(_ESCAPED)
_INS_ROOTS = "1.2.250.1.213.1.4."


def escaped(text: str) -> str:
    """A text inside a component: what separates components is escaped."""
    return text.translate(_ESCAPES)


def dtm(at: datetime) -> str:
    """An instant in UTC: `20260312130500`."""
    return at.astimezone(UTC).strftime("%Y%m%d%H%M%S")


def patient_cx(ins: Ins) -> str:
    """`INS^^^&OID&ISO^NH`."""
    return f"{ins.matricule}^^^&{ins.root.value}&ISO^NH"


def person_xcn(author: Author) -> str:
    """A person or a device as XCN; empty when nothing is known."""
    if not (author.id or author.family or author.given):
        return ""
    kind = "NH" if author.id_root.startswith(_INS_ROOTS) else "RI"
    kind = "IDNPS" if author.id_root == PS_ROOT else kind
    name = "U" if author.kind is AuthorKind.DEVICE else "D"
    authority = f"&{author.id_root}&ISO" if author.id_root else ""
    names = f"{escaped(author.family)}^{escaped(author.given)}"
    return f"{escaped(author.id)}^{names}^^^^^^{authority}^{name}^^^{kind}"


def structure_xon(author: Author) -> str:
    """`Name^^^^^&OID&ISO^IDNST^^^Struct_IdNat`; empty without a structure."""
    if not (author.structure_id or author.structure_name):
        return ""
    authority = f"&{author.structure_root}&ISO" if author.structure_root else ""
    return (
        f"{escaped(author.structure_name)}^^^^^{authority}^IDNST^^^{escaped(author.structure_id)}"
    )


def coded(code: Code) -> str:
    """`code^display^system`, as authorSpecialty is written."""
    return f"{escaped(code.code)}^{escaped(code.display)}^{code.system}"


def patient_info(ins: Ins, traits: Traits) -> tuple[str, ...]:
    """sourcePatientInfo: the identifier, the names, the birth date, the sex, the birth place."""
    first = escaped(traits.first_given_name)
    found = [
        f"PID-3|{patient_cx(ins)}",
        f"PID-5|{escaped(traits.birth_name)}^{first}^{escaped(traits.given_names)}^^^^L",
    ]
    if traits.used_name:
        used = escaped(traits.used_given_name) or first
        found.append(f"PID-5|{escaped(traits.used_name)}^{used}^^^^^D")
    found += [f"PID-7|{traits.birth_date:%Y%m%d}", f"PID-8|{traits.sex.value}"]
    if traits.birth_place:
        found.append(f"PID-11|^^^^^^BDL^^{escaped(traits.birth_place)}")
    return tuple(found)
