"""Identifiers of the field: parsed, checked and printed in one place.

Every identifier has its own type, so that an INS cannot stand where an RPPS is expected. `parse`
raises `Refused` with a reason; a checked value is always well formed.

Source: CI-SIS, "Gestion des identifiants"; INS: référentiel INS (matricule, OID); RPPS, FINESS,
SIREN, SIRET: Luhn keys as their registers define them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NewType
from uuid import UUID

from dmp.domain import published_test_identities as published_tests
from dmp.domain.errors import Reason, Refused

RecordId = NewType("RecordId", UUID)
"""Random identifier of a record. Never derived from the national number."""
DocumentId = NewType("DocumentId", UUID)
"""Identifier of a document in the registry: the XDS logicalId, stable over metadata versions."""
EntryUuid = NewType("EntryUuid", UUID)
"""Identifier of one version of a document's metadata: the XDS entryUUID."""
SubmissionId = NewType("SubmissionId", UUID)
TraceId = NewType("TraceId", UUID)

NO_RECORD: Final = RecordId(UUID(int=0))
"""Stands in traces of requests that concern no known record."""

PS_ROOT: Final = "1.2.250.1.71.4.2.1"
"""OID of the national identifiers of persons acting in health (PS_IdNat)."""
STRUCTURE_ROOT: Final = "1.2.250.1.71.4.2.2"
"""OID of the national identifiers of structures (Struct_IdNat)."""

_OID = re.compile(r"[0-2](?:\.(?:0|[1-9][0-9]*))+")


def is_oid(text: str) -> bool:
    """Whether `text` is an OID in dotted form, without prefix, of 64 characters at most."""
    return len(text) <= 64 and _OID.fullmatch(text) is not None


def luhn_is_valid(digits: str) -> bool:
    """Whether a string of ASCII digits satisfies the Luhn key."""
    total = 0
    for rank, digit in enumerate(reversed(digits)):
        value = int(digit)
        if rank % 2:
            value = value * 2 - 9 if value > 4 else value * 2
        total += value
    return total % 10 == 0


class InsRoot(StrEnum):
    """The assigning authorities of an INS.

    Source: référentiel INS; FR Core `fr-core-patient-ins`.
    """

    NIR = "1.2.250.1.213.1.4.8"
    NIA = "1.2.250.1.213.1.4.9"
    NIR_TEST = "1.2.250.1.213.1.4.10"
    NIR_DEMO = "1.2.250.1.213.1.4.11"

    @property
    def is_test(self) -> bool:
        """Whether the root is reserved to tests and demonstrations."""
        return self in (InsRoot.NIR_TEST, InsRoot.NIR_DEMO)


_MATRICULE = re.compile(
    r"[1-8]"  # sex; 3 to 8: temporary and provisional numbers
    r"[0-9]{2}"  # year of birth
    r"(?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])"  # month; 20-42 and 50-99: incomplete civil status
    r"(?:[0-9]{2}|2[AB])"  # department, Corsica by letter
    r"[0-9]{3}[0-9]{3}"  # municipality, order
    r"[0-9]{2}"  # key
)
_CORSICA = {"2A": "19", "2B": "18"}


def nir_key(first13: str) -> int:
    """Key of the 13 first characters of a matricule: 97 minus the number modulo 97.

    The Corsican departments are read as numbers, at the department's place only.
    """
    department = _CORSICA.get(first13[5:7], first13[5:7])
    return 97 - int(first13[:5] + department + first13[7:]) % 97


@dataclass(frozen=True, slots=True)
class Ins:
    """National health identity: the matricule of 15 characters, key included, and its root.

    `__str__` and `__repr__` never show the matricule: an INS must not slip into a log line.
    """

    matricule: str
    root: InsRoot

    @classmethod
    def parse(cls, matricule: str, root: str, *, test_mode: bool) -> Ins:
        """Read an INS.

        Args:
            matricule: 15 characters; blanks are taken out, letters raised.
            root: OID of the assigning authority, with or without `urn:oid:`.
            test_mode: a test server takes every root, and the published test identities whose key
                is wrong; production takes the roots `.8` and `.9` only.

        Raises:
            Refused: INS_MALFORMED, INS_KEY_WRONG, INS_ROOT_UNKNOWN, INS_ROOT_NOT_ACCEPTED.
        """
        try:
            known_root = InsRoot(root.removeprefix("urn:oid:").strip())
        except ValueError:
            raise Refused(Reason.INS_ROOT_UNKNOWN, root=root[:64]) from None
        if known_root.is_test and not test_mode:
            raise Refused(Reason.INS_ROOT_NOT_ACCEPTED, root=known_root.value)
        text = "".join(matricule.split()).upper()
        if len(text) != 15:
            raise Refused(Reason.INS_MALFORMED, detail=f"{len(text)} characters")
        if not text.isascii() or _MATRICULE.fullmatch(text) is None:
            raise Refused(Reason.INS_MALFORMED, detail="unexpected character or date of birth")
        if nir_key(text[:13]) != int(text[13:]):
            published = text in published_tests.MATRICULES_WITH_WRONG_KEY
            if not (test_mode and published):
                raise Refused(Reason.INS_KEY_WRONG)
        return cls(text, known_root)

    @property
    def is_published_with_wrong_key(self) -> bool:
        """Whether this is one of the published test identities whose key is wrong."""
        return self.matricule in published_tests.MATRICULES_WITH_WRONG_KEY

    @property
    def cx(self) -> str:
        """The XDS form: `matricule^^^&root&ISO^NH`."""
        return f"{self.matricule}^^^&{self.root.value}&ISO^NH"

    @property
    def grouped(self) -> str:
        """The printed form, in groups: `2 79 03 51 215 189 89`."""
        m = self.matricule
        return f"{m[0]} {m[1:3]} {m[3:5]} {m[5:7]} {m[7:10]} {m[10:13]} {m[13:]}"

    def __str__(self) -> str:
        return "INS(…)"

    def __repr__(self) -> str:
        return "INS(…)"


def _digits(text: str, length: int, kind: str) -> str:
    value = "".join(text.split())
    if len(value) != length or not (value.isascii() and value.isdigit()):
        raise Refused(Reason.IDENTIFIER_MALFORMED, kind=kind, detail=f"{length} digits expected")
    return value


def _with_luhn(text: str, length: int, kind: str) -> str:
    value = _digits(text, length, kind)
    if not luhn_is_valid(value):
        raise Refused(Reason.IDENTIFIER_KEY_WRONG, kind=kind)
    return value


@dataclass(frozen=True, slots=True)
class Rpps:
    """Number of a professional in the national directory: 11 digits, Luhn key."""

    number: str

    @classmethod
    def parse(cls, text: str, *, test_mode: bool) -> Rpps:
        """Read an RPPS; in test mode the published ones with a wrong key are taken.

        Raises:
            Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG.
        """
        value = _digits(text, 11, "RPPS")
        published = test_mode and value in published_tests.RPPS_WITH_WRONG_KEY
        if not published and not luhn_is_valid(value):
            raise Refused(Reason.IDENTIFIER_KEY_WRONG, kind="RPPS")
        return cls(value)

    @property
    def warning(self) -> str | None:
        """Why this number is only good for tests, or None."""
        if luhn_is_valid(self.number):
            return None
        return "This RPPS is a published test number whose control key is wrong."

    @property
    def id_nat(self) -> str:
        """The national person identifier: `8` and the RPPS."""
        return "8" + self.number


@dataclass(frozen=True, slots=True)
class Finess:
    """Number of an establishment: 9 characters, Luhn key; Corsican numbers begin with 2A or 2B.

    The key of a Corsican number is computed with the letter read as 0.
    """

    number: str

    @classmethod
    def parse(cls, text: str) -> Finess:
        """Read a FINESS. Raises Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG."""
        value = "".join(text.split()).upper()
        if not value.isascii() or re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{7}", value) is None:
            raise Refused(
                Reason.IDENTIFIER_MALFORMED, kind="FINESS", detail="9 characters expected"
            )
        if not luhn_is_valid(value.replace("A", "0").replace("B", "0")):
            raise Refused(Reason.IDENTIFIER_KEY_WRONG, kind="FINESS")
        return cls(value)


@dataclass(frozen=True, slots=True)
class Siren:
    """Number of a legal entity: 9 digits, Luhn key."""

    number: str

    @classmethod
    def parse(cls, text: str) -> Siren:
        """Read a SIREN. Raises Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG."""
        return cls(_with_luhn(text, 9, "SIREN"))


_LA_POSTE = "356000000"


@dataclass(frozen=True, slots=True)
class Siret:
    """Number of a site of a legal entity: 14 digits, Luhn key; La Poste counts by sum of digits."""

    number: str

    @classmethod
    def parse(cls, text: str) -> Siret:
        """Read a SIRET. Raises Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG."""
        value = _digits(text, 14, "SIRET")
        la_poste = value.startswith(_LA_POSTE) and sum(map(int, value)) % 5 == 0
        if not la_poste and not luhn_is_valid(value):
            raise Refused(Reason.IDENTIFIER_KEY_WRONG, kind="SIRET")
        return cls(value)


class PersonIdKind(StrEnum):
    """First character of a national person identifier, and what follows it."""

    ADELI = "0"
    ADELI_PRACTICE = "1"
    FINESS_INTERNAL = "3"
    SIREN_INTERNAL = "4"
    SIRET_INTERNAL = "5"
    RPPS_PRACTICE = "6"
    RPPS = "8"


@dataclass(frozen=True, slots=True)
class PersonId:
    """National identifier of a person acting in health (PS_IdNat), e.g. `8` + RPPS.

    Source: CI-SIS, PS_IdNat, OID 1.2.250.1.71.4.2.1.
    """

    value: str

    @classmethod
    def parse(cls, text: str, *, test_mode: bool) -> PersonId:
        """Read a PS_IdNat. Raises Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG."""
        value = text.strip()
        try:
            kind = PersonIdKind(value[:1])
        except ValueError:
            raise Refused(
                Reason.IDENTIFIER_MALFORMED, kind="PS_IdNat", detail="unknown first character"
            ) from None
        body = value[1:]
        if kind is PersonIdKind.RPPS:
            Rpps.parse(body, test_mode=test_mode)
        elif kind is PersonIdKind.ADELI:
            if re.fullmatch(r"(?:[0-9]{2}|2[AB])[0-9]{7}", body) is None:
                raise Refused(
                    Reason.IDENTIFIER_MALFORMED, kind="ADELI", detail="9 characters expected"
                )
        elif re.fullmatch(r"[0-9A-Z]{9,14}(?:/[\x21-\x7e]{1,50})?", body) is None:
            raise Refused(
                Reason.IDENTIFIER_MALFORMED,
                kind="PS_IdNat",
                detail="register number, / and internal id",
            )
        return cls(value)

    @property
    def rpps(self) -> Rpps | None:
        """The RPPS when the identifier is one."""
        return Rpps(self.value[1:]) if self.value[0] == PersonIdKind.RPPS else None


class StructureIdKind(StrEnum):
    """First character of a national structure identifier, and what follows it."""

    ADELI_PRACTICE = "0"
    FINESS = "1"
    SIREN = "2"
    SIRET = "3"
    RPPS_RANK = "4"


@dataclass(frozen=True, slots=True)
class StructureId:
    """National identifier of a structure (Struct_IdNat), e.g. `1` + FINESS.

    A value of the technical register (`R` and digits) has no prefix.
    Source: CI-SIS, Struct_IdNat, OID 1.2.250.1.71.4.2.2.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> StructureId:
        """Read a Struct_IdNat. Raises Refused: IDENTIFIER_MALFORMED, IDENTIFIER_KEY_WRONG."""
        value = text.strip().upper()
        if re.fullmatch(r"R[0-9]{5,20}", value):
            return cls(value)
        try:
            kind = StructureIdKind(value[:1])
        except ValueError:
            raise Refused(
                Reason.IDENTIFIER_MALFORMED, kind="Struct_IdNat", detail="unknown first character"
            ) from None
        body = value[1:]
        if kind is StructureIdKind.FINESS:
            Finess.parse(body)
        elif kind is StructureIdKind.SIREN:
            Siren.parse(body)
        elif kind is StructureIdKind.SIRET:
            Siret.parse(body)
        elif kind is StructureIdKind.RPPS_RANK:
            _with_luhn(body, 14, "RPPS-rang")
        else:
            _digits(body, 9, "ADELI cabinet")
        return cls(value)


_UNIQUE_ID_EXTENSION = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass(frozen=True, slots=True)
class UniqueId:
    """Producer's identifier of a document or submission: an OID, or an OID and an extension.

    Source: IHE ITI TF-3 §4.2.3.2.26 (uniqueId), CDA `ClinicalDocument/id`. A UUID written as
    `urn:uuid:` is taken too, since MHD producers send it.
    """

    value: str

    @classmethod
    def parse(cls, text: str) -> UniqueId:
        """Read `oid`, `oid^extension`, `urn:oid:oid` or `urn:uuid:…`.

        Raises:
            Refused: IDENTIFIER_MALFORMED.
        """
        value = text.strip()
        if value.startswith("urn:uuid:"):
            try:
                return cls("urn:uuid:" + str(UUID(value.removeprefix("urn:uuid:"))))
            except ValueError:
                raise Refused(
                    Reason.IDENTIFIER_MALFORMED, kind="uniqueId", detail="not a UUID"
                ) from None
        value = value.removeprefix("urn:oid:")
        root, _, extension = value.partition("^")
        if not is_oid(root):
            raise Refused(Reason.IDENTIFIER_MALFORMED, kind="uniqueId", detail="an OID is expected")
        if "^" in value and _UNIQUE_ID_EXTENSION.fullmatch(extension) is None:
            raise Refused(Reason.IDENTIFIER_MALFORMED, kind="uniqueId", detail="bad extension")
        return cls(value)

    @classmethod
    def of(cls, root: str, extension: str = "") -> UniqueId:
        """The identifier of a CDA `id` element with its root and optional extension."""
        return cls.parse(f"{root}^{extension}" if extension else root)

    @property
    def uri(self) -> str:
        """The FHIR form, `urn:oid:…` or `urn:uuid:…`."""
        return self.value if self.value.startswith("urn:") else "urn:oid:" + self.value
