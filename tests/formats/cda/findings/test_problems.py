"""Problems and allergies: what is denied, unknown or somebody else's is no fact of this person."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.facts import Findings, Provenance, Source
from tests.formats.cda.findings.written import (
    CIM10,
    DIAGNOSIS,
    LOINC,
    SNOMED,
    cim10,
    concern,
    observation,
    problem,
    read,
    section,
)

ALLERGY = f'<code code="609328004" codeSystem="{SNOMED}" displayName="allergie"/>'
ACTIVE_PROBLEMS, PAST, ALLERGIES = "11450-4", "11348-0", "48765-2"


def test_a_problem_has_code_label_and_period() -> None:
    time = '<effectiveTime><low value="201503"/><high nullFlavor="UNK"/></effectiveTime>'
    (one,) = read(
        section(ACTIVE_PROBLEMS, problem(cim10("E11.9", "Diabète de type 2"), time=time))
    ).problems
    assert one.code is not None
    assert (one.label, one.code.token) == ("Diabète de type 2", f"{CIM10}|E11.9")
    assert (one.since, one.until, one.active) == (date(2015, 3, 1), None, True)
    assert one.sources == (
        Source(provenance=Provenance.STRUCTURED, on=date(2025, 3, 4), anchor=ACTIVE_PROBLEMS),
    )


def test_the_section_and_the_status_say_whether_a_problem_is_past() -> None:
    status = (
        '<entryRelationship typeCode="REFR"><observation classCode="OBS" moodCode="EVN">'
        f'<code code="33999-4" codeSystem="{LOINC}"/><value xsi:type="CE" code="STATUS"/>'
        "</observation></entryRelationship>"
    )
    gout = cim10("M10.9", "Goutte")
    over = '<effectiveTime><low value="2001"/><high value="2003"/></effectiveTime>'
    told = [
        (ACTIVE_PROBLEMS, problem(gout), True),
        (PAST, problem(gout), False),
        (ACTIVE_PROBLEMS, problem(gout, time=over), False),
        (ACTIVE_PROBLEMS, problem(gout, inner=status.replace("STATUS", "resolved")), False),
        (PAST, problem(gout, inner=status.replace("STATUS", "active")), True),
    ]
    for code, entry, active in told:
        (one,) = read(section(code, entry)).problems
        assert one.active is active, (code, entry)


@pytest.mark.parametrize(
    "entry",
    [
        problem(cim10("I10", "Hypertension"), more='negationInd="true"'),
        problem(
            cim10("I10", "Hypertension"),
            inner='<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
            f'<code code="66455-7" codeSystem="{LOINC}"/><value xsi:type="CD" code="refuted"/>'
            "</observation></entryRelationship>",
        ),
        problem(cim10("I10", "Hypertension"), inner='<subject typeCode="SBJ"/>'),
        problem(cim10("I10", "Hypertension")).replace('moodCode="EVN"', 'moodCode="RSK"'),
        problem('<value xsi:type="CD" code="no-problem-info"/>'),
        problem('<value xsi:type="CD" nullFlavor="UNK"/>'),
        problem(""),
        concern(status="aborted"),
        "<act/>",
        "<procedure/>",
    ],
)
def test_what_is_denied_unknown_or_of_another_is_no_problem(entry: str) -> None:
    assert read(section(ACTIVE_PROBLEMS, entry)) == Findings()


def test_problems_of_the_family_are_not_the_persons() -> None:
    assert read(section("10157-6", problem(cim10("E11.9", "Diabète")))) == Findings()


def test_none_known_is_not_silence() -> None:
    none = problem('<value xsi:type="CD" code="no-known-problems" displayName="Pas de problème"/>')
    found = read(section(ACTIVE_PROBLEMS, none))
    assert [source.anchor for source in found.no_known_problem] == [ACTIVE_PROBLEMS]
    assert found.problems == ()


def test_the_cim10_code_is_taken_from_a_translation() -> None:
    value = (
        f'<value xsi:type="CD" code="44054006" codeSystem="{SNOMED}" displayName="diabète de type 2">'
        f'<translation code="E11.9" codeSystem="{CIM10}" displayName="Diabète"/></value>'
    )
    (one,) = read(section(ACTIVE_PROBLEMS, problem(value))).problems
    assert one.code is not None
    assert one.code.code == "E11.9"


def test_words_of_the_narrative_stand_for_a_missing_code() -> None:
    words = '<originalText><reference value="#p1"/></originalText>'
    value = f'<value xsi:type="CD" nullFlavor="OTH">{words}</value>'
    body = section(
        ACTIVE_PROBLEMS,
        problem(value),
        text='<content ID="p1">Lombalgie  <b>chronique</b></content>',
    )
    (one,) = read(body).problems
    assert (one.label, one.code) == ("Lombalgie chronique", None)


def test_a_doubtful_problem_says_so() -> None:
    doubt = (
        '<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
        f'<code code="66455-7" codeSystem="{LOINC}"/><value xsi:type="CD" code="unconfirmed"/>'
        "</observation></entryRelationship>"
    )
    (one,) = read(
        section(ACTIVE_PROBLEMS, problem(cim10("I10", "Hypertension"), inner=doubt))
    ).problems
    assert one.label == "Hypertension (non confirmé)"


def agent(code: str) -> str:
    return (
        '<participant typeCode="CSM"><participantRole><playingEntity>'
        f"{code}<name>Pénicilline</name></playingEntity></participantRole></participant>"
    )


def test_an_allergy_has_agent_reaction_and_the_gravest_severity() -> None:
    def severity(code: str, word: str) -> str:
        return (
            '<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN">'
            '<code code="SEV" codeSystem="2.16.840.1.113883.5.4"/>'
            f'<value xsi:type="CD" code="{code}" codeSystem="{SNOMED}" displayName="{word}"/>'
            "</observation></entryRelationship>"
        )

    def reaction(label: str, inner: str) -> str:
        seen = observation(DIAGNOSIS, cim10("L50", label), inner=inner)
        return f'<entryRelationship typeCode="MFST">{seen}</entryRelationship>'

    inner = (
        agent('<code code="J01CA" codeSystem="2.16.840.1.113883.6.73" displayName="pénicillines"/>')
        + reaction("Urticaire", severity("255604002", "léger"))
        + reaction("Œdème", severity("24484000", "grave"))
    )
    (one,) = read(section(ALLERGIES, concern(observation(ALLERGY, "", inner=inner)))).allergies
    assert (one.label, one.reaction, one.severity) == ("pénicillines", "Urticaire, Œdème", "grave")
    assert one.code is not None
    assert one.code.code == "J01CA"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (observation(ALLERGY, '<value xsi:type="CD" code="no-known-allergies"/>'), True),
        (observation(ALLERGY, f'<value xsi:type="CD" code="716186003" codeSystem="{SNOMED}"/>'), True),
        (observation(ALLERGY, "", more='negationInd="true"'), True),
        # Denied for one substance, or for medicines alone: that is not "none".
        (observation(ALLERGY, "", inner=agent('<code nullFlavor="UNK"/>'), more='negationInd="true"'), False),
        (
            observation(f'<code code="416098002" codeSystem="{SNOMED}"/>', "", more='negationInd="true"'),
            False,
        ),
        (observation(ALLERGY, '<value xsi:type="CD" code="no-allergy-info"/>'), False),
        (observation(ALLERGY, ""), False),
    ],
)  # fmt: skip
def test_no_known_allergy_is_said_out_loud_or_not_at_all(entry: str, said: bool) -> None:
    found = read(section(ALLERGIES, concern(entry)))
    assert bool(found.no_known_allergy) is said
    assert found.allergies == ()


def test_the_words_of_an_agent_stand_for_a_missing_code() -> None:
    entry = concern(observation(ALLERGY, "", inner=agent('<code nullFlavor="UNK"/>')))
    (one,) = read(section(ALLERGIES, entry)).allergies
    assert (one.label, one.code) == ("Pénicilline", None)
