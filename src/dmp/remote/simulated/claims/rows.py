"""Rows of the official tables, as text: one `;` between values, no quotes, empty for what is not known.

Source: schema of the SNDS (DCIR: ER_PRS_F and its detail tables, IR_IMB_R; PMSI MCO: T_MCOaaB, C, D).
Identifiers are those of a living feed: INS, RPPS and FINESS stand where the SNDS has pseudonyms. Amounts of
money are left out: a record has no use for them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from dmp.domain.identity.patient import Sex
from dmp.remote.simulated.claims.lines import Actor, Claims, Detail, HospitalStay, Line
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.professionals import BY_KEY

_KEYS: Final = ("DCT_ORD_NUM", "FLX_DIS_DTD", "FLX_EMT_NUM", "FLX_EMT_ORD", "FLX_EMT_TYP", "FLX_TRT_DTD",
                "ORG_CLE_NUM", "PRS_ORD_NUM", "REM_TYP_AFF")  # fmt: skip
"""The nine keys that join a detail row to its service, in the order in which they are written."""
COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "ER_PRS_F": (
        "BEN_AMA_COD", "BEN_CDI_NIR", "BEN_NAI_ANN", "BEN_NIR_PSA", "BEN_RNG_GEM", "BEN_SEX_COD",
        "EXE_SOI_AMD", "EXE_SOI_DTD", "EXE_SOI_DTF", "PRE_PRE_DTD", "PRS_GRS_DTD", "PRS_ACT_QTE",
        "CPL_MAJ_TOP", "DPN_QLF", "PRS_DPN_QLP", "EXO_MTF", "PRS_NAT_REF", "RGO_ASU_NAT", "ETB_PRE_FIN",
        "PFS_EXE_NUM", "PFS_PRE_NUM", "PRS_MTT_NUM", "PSE_ACT_NAT", "PSE_SPE_COD", "PSP_ACT_NAT",
        "PSP_SPE_COD", *_KEYS,
    ),
    "ER_PHA_F": ("PHA_ACT_QSN", "PHA_DEC_QSU", "PHA_DEC_TOP", "PHA_ORD_NUM", "PHA_PRS_C13", "PHA_SEQ_RNV",
                 "PHA_SUB_MTF", *_KEYS),
    "ER_BIO_F": ("BIO_ACT_QSN", "BIO_ORD_NUM", "BIO_PRS_IDE", *_KEYS),
    "ER_CAM_F": ("CAM_ACT_COD", "CAM_DOC_EXT", "CAM_ORD_NUM", "CAM_PRS_IDE", "CAM_TRT_PHA", *_KEYS),
    "ER_TIP_F": ("TIP_ACL_DTD", "TIP_ACL_DTF", "TIP_ACT_QSN", "TIP_ORD_NUM", "TIP_PRS_IDE", *_KEYS),
    "ER_UCD_F": ("UCD_DLV_NBR", "UCD_ORD_NUM", "UCD_TOP_UCD", "UCD_UCD_COD", *_KEYS),
    "ER_ETE_F": ("ETB_EXE_FIN", "ETE_GHS_NUM", "ETE_IND_TAA", "MDT_COD", *_KEYS),
    "IR_IMB_R": ("BEN_NIR_PSA", "BEN_RNG_GEM", "IMB_ALD_DTD", "IMB_ALD_DTF", "IMB_ALD_NUM", "IMB_ETM_NAT",
                 "INS_DTE", "MED_MTF_COD", "MED_NCL_IDT", "UPD_DTE"),
    "T_MCOaaB": ("AGE_ANN", "COD_SEX", "DGN_PAL", "DGN_REL", "ENT_MOD", "ENT_PRV", "ETA_NUM", "GHS_NUM",
                 "GRG_GHM", "NBR_DGN", "RSA_NUM", "SEJ_NBJ", "SOR_ANN", "SOR_DES", "SOR_MOD", "SOR_MOI"),
    "T_MCOaaC": ("ENT_DAT", "ETA_NUM", "EXE_SOI_AMD", "EXE_SOI_AMF", "EXE_SOI_DTD", "EXE_SOI_DTF",
                 "NIR_ANO_17", "NIR_RET", "RSA_NUM", "SOR_ANN", "SOR_DAT", "SOR_MOI"),
    "T_MCOaaD": ("ASS_DGN", "DGN_ASS_NUM", "ETA_NUM", "RSA_NUM"),
}  # fmt: skip
"""The columns of each table that are written, by the official names."""
DATES: Final = frozenset(
    {"EXE_SOI_DTD", "EXE_SOI_DTF", "PRE_PRE_DTD", "PRS_GRS_DTD", "FLX_DIS_DTD", "FLX_TRT_DTD", "TIP_ACL_DTD",
     "TIP_ACL_DTF", "IMB_ALD_DTD", "IMB_ALD_DTF", "INS_DTE", "UPD_DTE"}
)  # fmt: skip
"""Columns of the DCIR tables that hold a date, written YYYY-MM-DD."""

_FUND: Final = "01C990001"
_NOBODY: Final = Actor()
_ISSUED: Final = 100_000
"""People whose statements one issuer numbers, so that a statement number keeps to nine digits."""
_STATEMENTS: Final = 10_000
_MONTHS: Final = (
    "JAN",
    "FEB",
    "MAR",
    "APR",
    "MAY",
    "JUN",
    "JUL",
    "AUG",
    "SEP",
    "OCT",
    "NOV",
    "DEC",
)


def rows_of(person: Person, claims: Claims, index: int, until: date) -> dict[str, list[str]]:
    """The rows of one person by table (`ER_PRS_F`, `T_MCO26C`...), without their line ends.

    Args:
        person: whose claims they are.
        claims: what is written.
        index: rank of the person in the file, which makes the numbers of his statements.
        until: no row was sent after this day, unless a line says when it was.
    """
    rows = _services(person, claims.lines, index, until)
    ins = person.ins.matricule
    for term in claims.long_terms:
        told = term.start + timedelta(days=20)
        row = f"{ins};1;{term.start};{term.end};{term.number};{term.reason};{told};{term.cim10};CIM10;{told}"
        rows.setdefault("IR_IMB_R", []).append(row)
    for rank, stay in enumerate(claims.stays, 1):
        for table, row in _stay(person, stay, f"{index % 10_000_000:07d}{rank:03d}"):
            rows.setdefault(table, []).append(row)
    return rows


def _services(person: Person, lines: list[Line], index: int, until: date) -> dict[str, list[str]]:
    issuer, first = 1 + index // _ISSUED, (index % _ISSUED) * _STATEMENTS
    who = _Beneficiary(person)
    services: list[str] = []
    rows: dict[str, list[str]] = {"ER_PRS_F": services}
    for line, statement, rank in _numbered(lines):
        day = _told(line.day, until)
        sent, out = (line.flow, line.flow) if line.flow else (day.sent, day.out)
        # The sequence of a flow is the month of the care: a correction keeps the one of what it corrects.
        keys = f"{first + statement};{out};{issuer};{day.month[2:]};1;{sent};{_FUND};{rank};0"
        if not line.orphan:
            services.append(_service(who, line, day, keys))
        if line.detail:
            rows.setdefault(line.detail.value, []).append(_detail(line, keys))
    return rows


def _numbered(lines: list[Line]) -> Iterator[tuple[Line, int, int]]:
    """Lines with the number of their statement and their rank in it: one statement a day and performer."""
    statements: dict[object, int] = {}
    ranks: dict[int, int] = {}
    given: dict[int, tuple[int, int]] = {}
    for line in lines:
        if line.statement and line.statement in given:
            statement, rank = given[line.statement]
        else:
            whole = (line.day, line.performer.number, line.quantity < 0, line.flow, line.statement)
            statement = statements.setdefault(whole, len(statements) + 1)
            rank = ranks[statement] = ranks.get(statement, 0) + 1
            given[line.statement] = (statement, rank)
        yield line, statement, rank


class _Beneficiary:
    """What every row says of the person."""

    __slots__ = ("born", "doctor", "matricule", "sex", "year")

    def __init__(self, person: Person) -> None:
        self.matricule = person.ins.matricule
        self.born = person.traits.birth_date
        self.year = str(self.born.year)
        self.sex = "1" if person.traits.sex is Sex.MALE else "2"
        self.doctor = BY_KEY[person.doctor].rpps

    def age(self, day: date) -> int:
        """In years, in months before two years, as BEN_AMA_COD has it: months are 1000 and more."""
        years = (
            day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))
        )
        if years >= 2:
            return years
        months = (day.year - self.born.year) * 12 + day.month - self.born.month
        return 1000 + max(0, months - (day.day < self.born.day))


def _service(who: _Beneficiary, line: Line, told: _Day, keys: str) -> str:
    done, asked = line.performer, line.prescriber or _NOBODY
    day = line.written or told.iso
    end = line.end.isoformat() if line.end else day
    prescribed = _iso(line.prescribed) if line.prescribed else ""
    pregnant = _iso(line.pregnant_since) if line.pregnant_since else ""
    return (
        f"{who.age(line.day)};{line.secrecy};{who.year};{line.matricule or who.matricule};1;{who.sex};"
        f"{told.month};{day};{end};{prescribed};{pregnant};"
        f"{line.quantity};{line.supplement};{line.qualifier};{line.qualifier};{line.exempt};{line.nature};"
        f"{'30' if pregnant else '10'};{asked.place or line.place};{done.number};{asked.number};{who.doctor};"
        f"{done.activity};{done.speciality};{asked.activity};{asked.speciality};{keys}"
    )


def _detail(line: Line, keys: str) -> str:
    match line.detail:
        case Detail.PHARMACY:
            return f"{line.quantity};0;0;1;{line.code};0;0;{keys}"
        case Detail.BIOLOGY:
            return f"{line.quantity};1;{line.code:0>4};{keys}"
        case Detail.PROCEDURE:
            return f"1;;1;{line.code};0;{keys}"
        case Detail.DEVICE:
            return f"{line.day};;{line.quantity};1;{line.code};{keys}"
        case Detail.HOSPITAL_UNIT:
            return f"{line.quantity};1;0;{line.code};{keys}"
        case _:
            return f"{line.place};{line.ghs or 0};0;{'03' if line.ghs else '07'};{keys}"


def _stay(person: Person, stay: HospitalStay, number: str) -> Iterator[tuple[str, str]]:
    start, end, code, place = stay.start, stay.end, stay.code, stay.place
    year = f"{end:%y}"
    sex = "1" if person.traits.sex is Sex.MALE else "2"
    yield (
        f"T_MCO{year}B",
        f"{person.age_on(start)};{sex};{code.diagnosis};;8;5;{place};{code.ghs};{code.ghm};"
        f"{len(code.related)};{number};{(end - start).days};{end.year};;8;{end:%m}",
    )
    yield (
        f"T_MCO{year}C",
        f"{start:%d%m%Y};{place};{start:%Y%m};{end:%Y%m};{_moment(start)};{_moment(end)};"
        f"{person.ins.matricule};0;{number};{end.year};{end:%d%m%Y};{end:%m}",
    )
    for rank, diagnosis in enumerate(code.related, 1):
        yield f"T_MCO{year}D", f"{diagnosis};{rank};{place};{number}"


@dataclass(frozen=True, slots=True)
class _Day:
    """A day of care: its month as YYYYMM, the days on which its rows are usually sent and handed out."""

    iso: str
    month: str
    sent: str
    out: str


@cache
def _told(day: date, until: date) -> _Day:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return _Day(
        iso=day.isoformat(),
        month=f"{day:%Y%m}",
        sent=min(day + timedelta(days=4), until).isoformat(),
        out=min(following, until).isoformat(),
    )


_iso = cache(date.isoformat)


def _moment(day: date) -> str:
    return f"{day:%d}{_MONTHS[day.month - 1]}{day.year}:00:00:00"


def columns_of(table: str) -> tuple[str, ...]:
    """The columns of a table by its name, the year of a PMSI table included."""
    return COLUMNS[table if table in COLUMNS else f"T_MCOaa{table[-1]}"]
