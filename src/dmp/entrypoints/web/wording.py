"""How dates, names, sizes and refusals are written for people. Instants are shown in Paris time."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from dmp.domain.documents.entry import AuthorKind, DocumentEntry
from dmp.domain.errors import Refused
from dmp.domain.record.calendar import reveal_due
from dmp.locale import sentence, spoken, translate, word

PARIS = ZoneInfo("Europe/Paris")
NBSP = "\u00a0"


def local(instant: datetime) -> datetime:
    """An instant in Paris time."""
    return instant.astimezone(PARIS)


@lru_cache(maxsize=4096)
def _formatted(local_day: date, pattern: str, language: str) -> str:
    return format_date(local_day, pattern, locale=language).replace(" ", NBSP)


def _written(local_day: date, pattern: str) -> str:
    """A day in the language of the page, which names the same days often. The blanks do not break."""
    return _formatted(local_day, pattern, spoken().formats)


def day(value: date | datetime) -> str:
    """`12 mars 2026`; the blanks do not break."""
    local_day = local(value).date() if isinstance(value, datetime) else value
    return _written(local_day, "d MMMM y")


def short_day(value: date | datetime) -> str:
    """`12 mars 2026`, `4 sept. 2026`: for lists where room is scarce."""
    local_day = local(value).date() if isinstance(value, datetime) else value
    return _formatted(local_day, "d MMM y", spoken().formats)


def figures_day(value: date | datetime) -> str:
    """`12/03/2026`: for columns of dates."""
    local_day = local(value).date() if isinstance(value, datetime) else value
    return f"{local_day:%d/%m/%Y}"


def euros(cents: int, *, plain: bool = False) -> str:
    """An amount: `12,00 €`; `plain` without its sign, for tables of figures."""
    written = f"{cents // 100},{cents % 100:02d}"
    return written if plain else f"{written}{NBSP}€"


_LONGEST_PLAIN = 1e12
"""From here on a number is written with its power: hundreds of digits say no more."""


def measure(value: float) -> str:
    """A number with its decimal sign, without zeros that say nothing: `7,9`, `48`."""
    is_plain = 0.001 <= abs(value) < _LONGEST_PLAIN
    written = f"{value:,.4f}".rstrip("0").rstrip(".") if is_plain else f"{value:.4g}"
    return written.replace(",", NBSP).replace(".", _decimal_sign()).replace("-", "−")


def _decimal_sign() -> str:
    return "." if spoken().code == "en" else ","


def month(value: date) -> str:
    """`mars 2026`."""
    return _written(value, "MMMM y")


def capitalized(text: str) -> str:
    """A text with a capital at its beginning, the rest as it is."""
    return text[:1].upper() + text[1:]


def weekday(value: datetime) -> str:
    """`mardi 12 mars 2026`."""
    return format_date(local(value).date(), "EEEE d MMMM y", locale=spoken().formats)


def clock(value: datetime) -> str:
    """`14:05`."""
    return format_time(local(value).time(), "HH:mm", locale=spoken().formats)


def moment(value: datetime) -> str:
    """`12 mars 2026 à 14:05`."""
    return translate("{day} à\u00a0{time}", day=day(value), time=clock(value))


def size(octets: int) -> str:
    """`240 Ko`, in the units of file managers."""
    if octets < 1000:
        return translate("{number}\u00a0octets", number=octets)
    if octets < 1_000_000:
        return translate("{number}\u00a0Ko", number=round(octets / 1000))
    number = f"{octets / 1_000_000:.1f}".replace(".0", "").replace(".", _decimal_sign())
    return translate("{number}\u00a0Mo", number=number)


def age(birth: date, today: datetime) -> str:
    """Completed years, months before the second birthday."""
    now = local(today).date()
    months = (now.year - birth.year) * 12 + now.month - birth.month - (now.day < birth.day)
    if months < 24:
        return translate("{number}\u00a0mois", number=max(months, 0))
    return translate("{number}\u00a0ans", number=months // 12)


def ins_grouped(matricule: str) -> str:
    """A matricule in groups of digits, as on documents of identity."""
    m = matricule
    parts = (m[0:1], m[1:3], m[3:5], m[5:7], m[7:10], m[10:13], m[13:])
    return NBSP.join(part for part in parts if part)


def plain_type(display: str) -> str:
    """What a document is, without the abbreviation of its nomenclature: `Compte rendu opératoire`."""
    return f"Compte rendu {display.removeprefix('CR ')}" if display.startswith("CR ") else display


def plain_speciality(display: str) -> str:
    """A speciality without the letters of its nomenclature: `Médecine générale (SM)` is Médecine générale."""
    return _NOMENCLATURE.sub("", display)


_NOMENCLATURE = re.compile(r" \([A-Z]{1,5}\)$")
"""What TRE_R01 writes after a speciality: by what it was acquired."""


def author(entry: DocumentEntry) -> str:
    """Who wrote a document, for people."""
    if not entry.authors:
        return translate("Auteur non précisé")
    first = entry.authors[0]
    if first.kind is AuthorKind.PATIENT:
        return translate("Le titulaire du dossier")
    return first.display or translate("Auteur non précisé")


def refusal(refused: Refused) -> str:
    """The sentence of a refusal; English words of the domain inside it are translated."""
    values = {name: _translated(name, value) for name, value in refused.values.items()}
    return translate(f"reason.{refused.reason.value}", **values)


def _translated(name: str, value: str) -> str:
    if name in ("state", "wanted"):
        return word("state", value)
    if name in ("limit", "size", "announced", "found") and value.isdigit():
        return f"{int(value):,}".replace(",", NBSP)
    typed = _TYPED.fullmatch(value)
    if typed is not None:
        return translate("{number} saisis", number=typed[1])
    return ", ".join(sentence(word("value", part)) for part in value.split(", "))


_TYPED = re.compile(r"(\d+) characters")
"""How the domain says how long an identifier was."""


def awaits_announcement(entry: DocumentEntry, now: datetime) -> bool:
    """Whether the patient does not see a document yet; it shows itself after a month."""
    return entry.visibility.hidden_from_patient and now < reveal_due(entry.submitted_at)


def today(now: datetime) -> date:
    """The local day of an instant."""
    return local(now.astimezone(UTC)).date()


_UNITS = (
    (re.compile(r"\[(?:IU|iU)\]"), "UI"),
    (re.compile(r"^Cel$"), "°C"),
    (re.compile(r"\{1\.73_m2\}"), "1,73 m²"),
    (re.compile(r"\{[^}]*\}"), ""),
    (re.compile(r"[\[\]]"), ""),
    (re.compile(r"\bu(?=(?:g|mol|L|l|kat|m)\b)"), "µ"),
    (re.compile(r"10\*(\d+)"), r"10^\1"),
)
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@lru_cache(maxsize=1024)
def printed_unit(ucum: str) -> str:
    """A unit as laboratories print it: `ug/L` is µg/L, `m[IU]/L` is mUI/L, `{beats}/min` is /min.

    Source: UCUM, case-sensitive codes and their annotations.
    """
    text = ucum
    for pattern, printed in _UNITS:
        text = pattern.sub(printed, text)
    raised = re.sub(r"10\^(\d+)", lambda found: "10" + found[1].translate(_RAISED), text)
    return raised.rstrip("/")
