"""Problems, past and present, and what is said of pregnancy.

Source: IHE PCC problem concern (1.3.6.1.4.1.19376.1.5.3.1.4.5.2) and problem entry (…4.5); CI-SIS
FR-Liste-des-problemes, FR-Probleme, FR-Observation-sur-la-grossesse; IPS value set "absent or unknown".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Problem
from dmp.domain.clinical.same.denials import Denial, denial
from dmp.domain.codes import LOINC, Code
from dmp.formats.cda.document import child, v3
from dmp.formats.cda.findings.place import Place, is_negated, shortened
from dmp.formats.cda.findings.statements import (
    ACT,
    OBSERVATION,
    concerns_another,
    is_gone,
    related,
)
from dmp.formats.cda.findings.words import (
    CODE,
    TIME,
    VALUE,
    all_codes,
    attribute,
    coded,
    day_of,
    period_of,
    words_of,
)

CIM10: Final = "2.16.840.1.113883.6.3"
SNOMED: Final = "2.16.840.1.113883.6.96"
_ICD_O: Final = "2.16.840.1.113883.6.43.1"
_SITE = v3("targetSiteCode")
_STATUS, _CERTAINTY = "33999-4", "66455-7"
_ACTIVE = frozenset(("active", "recurrence", "relapse", "55561003", "246455001", "263855007"))
_INACTIVE = frozenset(
    ("inactive", "remission", "resolved", "73425007", "413322009", "277022003", "723506003")
)
_DOUBTFUL = frozenset(("unconfirmed", "provisional", "differential"))
_REFUTED = frozenset(("refuted", "entered-in-error"))
NONE_KNOWN: Final = frozenset(("no-known-problems", "160245001"))
_NOTHING_SAID: Final = frozenset(("no-problem-info",))
_PREGNANT = "77386006"
_PREGNANCY_STATUS, _DUE_DATES = "11449-6", ("11778-8", "11779-6", "11780-4")


@dataclass(frozen=True, slots=True)
class Qualified:
    """What is said about a problem or an allergy beside its name."""

    active: bool | None = None
    refuted: bool = False
    doubtful: bool = False


def qualified(observation: etree._Element) -> Qualified:
    """Status and certainty, read from the statements inside."""
    active: bool | None = None
    refuted = doubtful = False
    for inner in related(observation):
        kind = child(inner, CODE)
        value = child(inner, VALUE)
        if kind is None or value is None:
            continue
        said = value.get("code", "")
        if kind.get("code") == _STATUS:
            active = True if said in _ACTIVE else False if said in _INACTIVE else active
        elif kind.get("code") == _CERTAINTY:
            refuted, doubtful = said in _REFUTED, said in _DOUBTFUL
    return Qualified(active, refuted, doubtful)


def current_problem(place: Place, statement: etree._Element) -> None:
    """A problem of a section of active problems or of diagnoses."""
    _concern(place, statement, past=False)


def past_problem(place: Place, statement: etree._Element) -> None:
    """A problem of a section of antecedents: past unless it says otherwise."""
    _concern(place, statement, past=True)


def _concern(place: Place, statement: etree._Element, *, past: bool) -> None:
    if statement.tag == OBSERVATION:
        _problem(place, statement, past=past)
    elif statement.tag == ACT and not (is_gone(statement) or concerns_another(statement)):
        for observation in related(statement, ("SUBJ", "COMP")):
            if place.reading.found.spend():
                _problem(place, observation, past=past)


def _problem(place: Place, observation: etree._Element, *, past: bool) -> None:
    if observation.get("moodCode", "EVN") != "EVN" or concerns_another(observation):
        return
    for value in observation.iterchildren(VALUE):
        codes = all_codes(value)
        if any(code.code in NONE_KNOWN for code in codes):
            place.add("no_known_problem", place.sources[0])
            return
        if any(code.code in _NOTHING_SAID for code in codes) or is_negated(observation):
            return
        code = _best(codes, observation)
        label = place.label(value, code, observation if code is not None else None) or words_of(
            value
        )
        denied = denial(label) if label and code is None else None
        if denied is Denial.NONE:
            place.add("no_known_problem", place.sources[0])
        elif label and denied is None:
            _keep(place, observation, label, code, past=past)
        if label:
            return


def _keep(
    place: Place, observation: etree._Element, label: str, code: Code | None, *, past: bool
) -> None:
    said = qualified(observation)
    if said.refuted:
        return
    since, until = period_of(child(observation, TIME))
    over = until is not None and until <= place.reading.day
    active = said.active if said.active is not None else not past and not over
    if code is not None and code.system == CIM10:
        place.reading.diagnoses.append(code)
    place.add(
        "problems",
        Problem(
            label=shortened(f"{label} (non confirmé)" if said.doubtful else label),
            code=code,
            since=since,
            until=None if active and not over else until,
            active=active,
            sources=place.sources,
        ),
    )


def _best(codes: tuple[Code, ...], observation: etree._Element) -> Code | None:
    """The code of CIM-10 when there is one; for a tumour coded by its form, that of its site."""
    for code in codes:
        if code.system == CIM10:
            return code
    first = codes[0] if codes else None
    if first is not None and first.system == _ICD_O:
        site = coded(child(observation, _SITE))
        if site is not None and site.system == CIM10:
            return site
    return first


def pregnancy(place: Place, statement: etree._Element) -> None:
    """A pregnancy in course, with the expected day of birth as its end when the section gives it.

    It is told by its code of CIM-10, which means the same as the SNOMED CT code that the section holds.
    """
    if statement.tag != OBSERVATION or is_negated(statement) or concerns_another(statement):
        return
    if place.reading.is_pregnant:
        return
    kind, value = child(statement, CODE), child(statement, VALUE)
    if kind is None or value is None or kind.get("code") != _PREGNANCY_STATUS:
        return
    if value.get("code") != _PREGNANT and value.get("value") != "true":
        return
    place.reading.is_pregnant = True
    place.add(
        "problems",
        Problem(
            label="Grossesse en cours",
            code=Code("Z33", CIM10, "État de grossesse"),
            until=_due(place),
            sources=place.sources,
        ),
    )


def _due(place: Place) -> date | None:
    if place.section is None:
        return None
    for observation in place.section.iter(OBSERVATION):
        kind = child(observation, CODE)
        if kind is not None and kind.get("code") in _DUE_DATES and kind.get("codeSystem") == LOINC:
            return day_of(attribute(child(observation, VALUE), "value"))
    return None
