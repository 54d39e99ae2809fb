"""Allergies and intolerances, and "none known", which is not silence.

Source: IHE PCC allergy concern (1.3.6.1.4.1.19376.1.5.3.1.4.5.3) and entry (…4.6); CI-SIS
FR-Allergie-ou-hypersensibilite; IPS value set "absent or unknown allergies".
"""

from __future__ import annotations

from typing import Final

from lxml import etree

from dmp.domain.clinical.facts import Allergy
from dmp.domain.clinical.same.denials import Denial, denial
from dmp.domain.codes import Code
from dmp.formats.cda.document import along, child, v3
from dmp.formats.cda.findings.place import Place, is_negated, shortened
from dmp.formats.cda.findings.problems import SNOMED, qualified
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
    attribute,
    coded,
    name_of,
    period_of,
    words_of,
)

NONE_KNOWN: Final = frozenset(("no-known-allergies", "716186003", "160244002"))
_NOTHING_SAID: Final = frozenset(("no-allergy-info", "1631000175102"))
# No allergy of one kind is known: of medicines, of food, of the surroundings, to latex.
_SOME_DENIED: Final = frozenset(
    ("no-known-medication-allergies", "no-known-food-allergies", "no-known-environmental-allergies",
     "409137002", "429625007", "428607008", "1003774007")
)  # fmt: skip
# Kinds that name no agent: their negation says that there is no allergy at all.
_ANY_ALLERGY: Final = frozenset(
    ("609328004", "106190000", "420134006", "418038007", "609433001", "ALG", "OINT", "INT")
)
_SEVERITY_CODES: Final = frozenset(("SEV", "246112005"))
_CRITICALITY: Final = "82606-5"
_GRAVITY: Final = ("255604002", "371923003", "6736007", "371924009", "24484000", "399166001")
_PARTICIPANT, _ROLE, _ENTITY = v3("participant"), v3("participantRole"), v3("playingEntity")
_NAME, _TEXT = v3("name"), v3("text")
_MOST_REACTIONS = 8


def allergy(place: Place, statement: etree._Element) -> None:
    """The allergies of one entry."""
    if statement.tag == OBSERVATION:
        _allergy(place, statement, over=False)
    elif statement.tag == ACT and not (is_gone(statement) or concerns_another(statement)):
        _, end = period_of(child(statement, TIME))
        over = end is not None and end <= place.reading.day
        for observation in related(statement, ("SUBJ", "COMP")):
            if place.reading.found.spend():
                _allergy(place, observation, over=over)


def _allergy(place: Place, observation: etree._Element, *, over: bool) -> None:
    if observation.get("moodCode", "EVN") != "EVN" or concerns_another(observation):
        return
    kind, value = coded(child(observation, CODE)), child(observation, VALUE)
    meant = coded(value)
    codes = {code.code for code in (kind, meant) if code is not None}
    label, code = _agent(place, observation)
    if not label and codes & NONE_KNOWN:
        place.add("no_known_allergy", place.sources[0])
        return
    if codes & (_NOTHING_SAID | _SOME_DENIED):
        return
    if is_negated(observation):
        if not label and (not codes or codes <= _ANY_ALLERGY):
            place.add("no_known_allergy", place.sources[0])
        return
    # The text of the value names the kind of allergy; beside an agent only a code tells what happened.
    described = name_of(meant)
    if not label:
        label, code = described or place.original(value) or words_of(value) or _named(kind), meant
        described = ""
    said = qualified(observation)
    if not label or said.refuted or _is_denied(place, label):
        return
    since, _ = period_of(child(observation, TIME))
    place.add(
        "allergies",
        Allergy(
            label=shortened(f"{label} (non confirmé)" if said.doubtful else label),
            code=code,
            reaction=_reactions(place, observation) or described,
            severity=_severity(place, observation),
            since=since,
            active=said.active if said.active is not None else not over,
            sources=place.sources,
        ),
    )


def _is_denied(place: Place, label: str) -> bool:
    """Whether the words deny an allergy instead of naming one; that there is none is kept."""
    denied = denial(label)
    if denied is Denial.NONE:
        place.add("no_known_allergy", place.sources[0])
    return denied is not None


def _agent(place: Place, observation: etree._Element) -> tuple[str, Code | None]:
    """To what: the first substance that takes part, and its code."""
    for participant in observation.iterchildren(_PARTICIPANT):
        if participant.get("typeCode") != "CSM":
            continue
        entity = along(participant, _ROLE, _ENTITY)
        if entity is None:
            continue
        element = child(entity, CODE)
        code = coded(element)
        label = name_of(code) or words_of(child(entity, _NAME)) or place.original(element)
        if label or code is not None:
            return label or (code.code if code else ""), code
    return "", None


def _named(kind: Code | None) -> str:
    """The kind of allergy as its label, when it says more than "allergy": `Allergie alimentaire`."""
    if kind is None or kind.code in _ANY_ALLERGY or kind.system != SNOMED:
        return ""
    return kind.display[:1].upper() + kind.display[1:]


def _reactions(place: Place, observation: etree._Element) -> str:
    found: dict[str, None] = {}
    for reaction in related(observation, ("MFST",)):
        if is_negated(reaction):
            continue
        value = child(reaction, VALUE)
        said = place.label(value) or place.referred(child(reaction, _TEXT))
        if said:
            found[said] = None
        if len(found) == _MOST_REACTIONS:
            break
    return shortened(", ".join(found), 400)


def _severity(place: Place, observation: etree._Element) -> str:
    """The gravest that is said, of the allergy or of a reaction; else whether it is critical."""
    words: dict[int, str] = {}
    critical = ""
    for inner in (observation, *related(observation, ("MFST",))):
        for one in related(inner):
            kind, value = child(one, CODE), child(one, VALUE)
            if kind is None or value is None:
                continue
            if kind.get("code") in _SEVERITY_CODES:
                code = value.get("code", "")
                rank = _GRAVITY.index(code) if code in _GRAVITY else -1
                words.setdefault(rank, place.label(value))
            elif kind.get("code") == _CRITICALITY and value.get("code") == "high":
                critical = f"criticité {attribute(value, 'displayName').lower() or 'élevée'}"
    return words[max(words)] if words else critical
