"""The nomenclatures of the insurer and of ATIH: NABM, CCAM, CIM-10, UCD, LPP, GHS, natures, specialities,
LOINC.

Each is known by the columns of its header, whatever their order; codes are kept as claims write them
(NABM and LPP without leading zeros in front, CIM-10 without its point).

Source: SNDS, nomenclatures ORAVAL and ORAREF (schema-snds); ATIH, CIM-10 FR; ANS, alignment NABM-LOINC.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.dates import newest
from dmp.formats.reference.faults import refused
from dmp.formats.reference.tables import Sheet


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomenclature:
    """One published table: the columns that make it known, its rows, and the columns that hold days.

    `title` is how the edition is cited before its day.
    """

    kind: ReferenceKind
    table: str
    title: str
    known_by: tuple[str, ...]
    rows: Callable[[Sheet], Iterator[Row]]
    code: re.Pattern[str]
    days: tuple[str, ...] = ()


def _nabm(sheet: Sheet) -> Iterator[Row]:
    for code, label, most in sheet.columns("BIO_PRS_IDE", "BIO_INF_LIB", optional=("BIO_MAX_EXE",)):
        yield (_unpadded(code), label, most if most.isdigit() and int(most) > 0 else "")


def _ccam(sheet: Sheet) -> Iterator[Row]:
    yield from sheet.columns("CAM_PRS_IDE_COD", "CAM_PRS_IDE_LIB", optional=("CAM_PRS_RGT",))


def _cim10(sheet: Sheet) -> Iterator[Row]:
    for code, long, short in sheet.columns("code", "long", optional=("short",)):
        yield (code.replace(".", "").upper(), long or short)


def _long_term(sheet: Sheet) -> Iterator[Row]:
    for code, label, number in sheet.columns("CIM_COD", "CIM_LIB", "ALD_030_COD"):
        yield (
            code.replace(".", "").upper(),
            label,
            "" if number in {"0", "99"} else _unpadded(number),
        )


def _ucd(sheet: Sheet) -> Iterator[Row]:
    for code, short, long, atc in sheet.columns(
        "UCD_UCD_COD", optional=("UCD_DSN_LIB", "UCD_RCP_LI1", "PHA_ATC_CLA")
    ):
        yield (_ucd7(code), long or short, atc.upper())


def _lpp(sheet: Sheet) -> Iterator[Row]:
    for code, label in sheet.columns("LPP_PRS_IDE", "LPP_RED_LIB"):
        yield (_unpadded(code), label)


def _ghs(sheet: Sheet) -> Iterator[Row]:
    for code, label in sheet.columns("GHS_NUM", "GHS_LIB"):
        yield (_unpadded(code), label)


def _natures(sheet: Sheet) -> Iterator[Row]:
    for code, written, label in sheet.columns("PRS_NAT", "PRS_NAT_CB2", "PRS_NAT_LIB"):
        # "PH7/PG7" and "ZM DEPISTAGE/ADI" name several: the first that is a letter key, not words.
        letters = [part for part in written.split("/") if part and " " not in part]
        yield (code, letters[0] if letters else written, label)


def _specialities(sheet: Sheet) -> Iterator[Row]:
    yield from sheet.columns("PFS_SPE_COD", "PFS_SPE_LIB")


def _loinc(sheet: Sheet) -> Iterator[Row]:
    for nabm, loinc, label in sheet.columns("Code NABM", "Code LOINC", optional=("Libelle LOINC",)):
        if nabm and loinc:
            yield (_unpadded(nabm), loinc, label)


def _loinc_concepts(sheet: Sheet) -> Iterator[Row]:
    yield from (
        (_unpadded(nabm), loinc, label)
        for nabm, loinc, label in sheet.columns(
            "nabm_concept_code", "loinc_concept_code", optional=("loinc_concept_name",)
        )
        if nabm and loinc
    )


_NUMBER = re.compile(r"\d{1,8}")
_K = ReferenceKind
NOMENCLATURES = (
    Nomenclature(
        kind=_K.NABM, table="acts", title="Assurance maladie, nomenclature des actes de biologie (NABM)",
        known_by=("BIO_PRS_IDE", "BIO_INF_LIB"), rows=_nabm, code=re.compile(r"\d{1,4}"),
        days=("BIO_HIS_DTD", "BIO_CRE_DAT"),
    ),
    Nomenclature(
        kind=_K.CCAM, table="acts", title="Classification commune des actes médicaux (CCAM)",
        known_by=("CAM_PRS_IDE_COD", "CAM_PRS_IDE_LIB"), rows=_ccam, code=re.compile(r"[A-Z]{4}\d{3}"),
    ),
    Nomenclature(
        kind=_K.LONG_TERM, table="diagnoses", title="Assurance maladie, affections de longue durée",
        known_by=("CIM_COD", "ALD_030_COD"), rows=_long_term, code=re.compile(r"[A-Z]\d{2}[A-Z0-9+]{0,4}"),
        days=("VER_CPT_DTE",),
    ),
    Nomenclature(
        kind=_K.CIM10, table="diagnoses", title="ATIH, CIM-10 FR à usage PMSI",
        known_by=("code", "ssr", "psy", "long"), rows=_cim10, code=re.compile(r"[A-Z]\d{2}[A-Z0-9+]{0,5}"),
    ),
    Nomenclature(
        kind=_K.UCD, table="units", title="Assurance maladie, unités communes de dispensation (UCD)",
        known_by=("UCD_UCD_COD",), rows=_ucd, code=re.compile(r"\d{7}"),
        days=("UCD_DER_MAJ", "UCD_DOC_DTE", "UCD_INS_DTD"),
    ),
    Nomenclature(
        kind=_K.LPP, table="devices", title="Assurance maladie, liste des produits et prestations (LPP)",
        known_by=("LPP_PRS_IDE", "LPP_RED_LIB"), rows=_lpp, code=_NUMBER, days=("LPP_VAL_DTF",),
    ),
    Nomenclature(
        kind=_K.GHS, table="groups", title="Assurance maladie, groupes homogènes de séjours (GHS)",
        known_by=("GHS_NUM", "GHS_LIB"), rows=_ghs, code=_NUMBER, days=("GHS_MAJ_DTE", "GHS_CRE_DTE"),
    ),
    Nomenclature(
        kind=_K.NATURES, table="natures", title="Assurance maladie, natures de prestation",
        known_by=("PRS_NAT", "PRS_NAT_CB2", "PRS_NAT_LIB"), rows=_natures, code=_NUMBER,
    ),
    Nomenclature(
        kind=_K.SPECIALITIES, table="specialities", title="Assurance maladie, spécialités médicales",
        known_by=("PFS_SPE_COD", "PFS_SPE_LIB"), rows=_specialities, code=_NUMBER,
    ),
    Nomenclature(
        kind=_K.LOINC, table="alignment", title="Alignement NABM-LOINC",
        known_by=("Code NABM", "Code LOINC"), rows=_loinc, code=re.compile(r"\d{1,4}"),
    ),
    Nomenclature(
        kind=_K.LOINC, table="alignment", title="Alignement NABM-LOINC",
        known_by=("nabm_concept_code", "loinc_concept_code"), rows=_loinc_concepts, code=re.compile(r"\d{1,4}"),
    ),
)  # fmt: skip
_MOST_BAD_CODES = 0.05


def nomenclature_of(sheet: Sheet) -> Nomenclature | None:
    """Which nomenclature a table is, by its columns; None: none of them."""
    return next((one for one in NOMENCLATURES if sheet.has(*one.known_by)), None)


def read_nomenclature(nomenclature: Nomenclature, sheet: Sheet) -> tuple[Row, ...]:
    """The rows of a nomenclature, the first of each code that has a label, in the order of the file.

    Raises:
        FileRefused: a column is missing, or too many codes are not of this nomenclature.
    """
    width = 2 if nomenclature.kind is ReferenceKind.LOINC else 1
    rows: dict[Row, Row] = {}
    bad = total = 0
    for row in nomenclature.rows(sheet):
        total += 1
        if not nomenclature.code.fullmatch(row[0]):
            bad += 1
            continue
        kept = rows.get(row[:width])
        rows[row[:width]] = row if kept is None else _joined(kept, row)
    if not rows:
        raise refused(sheet.name, "no readable code.")
    if bad > max(3, _MOST_BAD_CODES * total):
        raise refused(sheet.name, f"{bad} codes of {total} are not of this nomenclature.")
    return tuple(rows.values())


def merged(parts: Iterable[Iterable[Row]]) -> tuple[Row, ...]:
    """Rows of several files of one nomenclature: cells that one leaves empty are taken from the next."""
    rows: dict[str, Row] = {}
    for part in parts:
        for row in part:
            kept = rows.get(row[0])
            rows[row[0]] = row if kept is None else _joined(kept, row)
    return tuple(rows.values())


def _joined(kept: Row, row: Row) -> Row:
    return tuple(cell or other for cell, other in zip(kept, row, strict=True))


def day_of_sheet(nomenclature: Nomenclature, sheet: Sheet, today: date) -> date | None:
    """The latest plausible day of the columns that hold days; None when there are none."""
    present = [column for column in nomenclature.days if sheet.has(column)]
    days: set[str] = set()
    for column in present:
        days.update(cell for (cell,) in sheet.columns(column))
    return newest(days, today)


def _unpadded(code: str) -> str:
    return code.lstrip("0") or code[-1:]


def _ucd7(code: str) -> str:
    """The seven digits of a UCD, from its forms of 7 and 13 digits."""
    digits = code.strip()
    if len(digits) == 13 and digits.startswith("34008"):  # UCD13: prefix, UCD7, key
        return digits[5:12]
    return digits.lstrip("0").rjust(7, "0") if digits else ""
