"""`decide`: one decision in memory, over a mix of readers, beside an empty function called the same way."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter_ns
from uuid import UUID

from benchmarks.figures import Figure
from dmp.domain.access.actions import Action
from dmp.domain.access.decide import Decision, decide
from dmp.domain.access.filter import DocumentFacts
from dmp.domain.access.matrix import professions
from dmp.domain.access.policy import Policy
from dmp.domain.access.rules import RULES, Question
from dmp.domain.documents.types import CATEGORIES, document_types
from dmp.domain.identifiers import Ins, InsRoot, RecordId
from dmp.domain.identity.caller import (
    Caller,
    Door,
    Holder,
    Motive,
    Professional,
    Purpose,
    Representative,
    Strength,
    StructureRef,
    StructureSystem,
    Who,
)
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.record.health_record import Channel, HealthRecord, State, Step
from dmp.domain.record.preferences import Audience, Block, Covered, Mask, Preferences
from dmp.domain.record.relations import (
    AttendingDoctor,
    Basis,
    Consent,
    Relations,
    Representation,
    RepresentationKind,
)

CONSENTS, BLOCKS, MASKS = 30, 10, 20
DECISIONS = 20_000
"""Decisions of one run."""
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_SINCE = AT - timedelta(days=40)
_TRAITS = Traits(
    birth_name="Repère", given_names="Mesure", sex=Sex.MALE, birth_date=date(1970, 1, 1)
)
_HOLDER = Ins("155122A33062536", InsRoot.NIR_TEST)
_GUARDIAN = Ins("299129A05107286", InsRoot.NIR_TEST)
_HOSPITAL = StructureRef(id_nat="1750000024", name="Hôpital des mesures", sector="SA01")
_SHOP = StructureRef(id_nat="1750000032", name="Optique des mesures", sector="SA33")


def _id(number: int) -> str:
    return f"8100{number:08d}"


def _caller(who: Who, strength: Strength = Strength.INDIVIDUAL) -> Caller:
    return Caller(who=who, strength=strength, door=Door.FHIR, means="jwt:iua")


def _professional(number: int, profession: str, place: StructureRef = _HOSPITAL) -> Caller:
    return _caller(
        Professional(
            id_nat=_id(number),
            name=f"PS {number}",
            profession=professions()[profession].code,
            structure=place,
        )
    )


ATTENDING, SPECIALIST, NURSE = (
    _professional(1, "10"),
    _professional(2, "10"),
    _professional(3, "60"),
)
STRANGER, BLOCKED = _professional(4, "28", _SHOP), _professional(900, "10")
HOLDER = _caller(Holder(ins=_HOLDER, name=_TRAITS.display))
GUARDIAN = _caller(Representative(ins=_GUARDIAN, name="Tuteur"))
STRUCTURE = _caller(StructureSystem(structure=_HOSPITAL), Strength.STRUCTURE)
EMERGENCY = replace(
    _professional(5, "10"),
    purpose=Purpose.BREAK_GLASS,
    motive=Motive.LIFE_AT_RISK,
    purpose_since=AT - timedelta(minutes=5),
)

READERS: tuple[tuple[str, Caller, Action, int], ...] = (
    ("holder", HOLDER, Action.READ_DOCUMENT, 20),
    ("attending doctor", ATTENDING, Action.READ_DOCUMENT, 15),
    ("specialist, one document", SPECIALIST, Action.READ_DOCUMENT, 20),
    ("specialist, the list", SPECIALIST, Action.FIND_DOCUMENTS, 10),
    ("nurse of the care team", NURSE, Action.READ_DOCUMENT, 10),
    ("unauthorised", STRANGER, Action.READ_DOCUMENT, 5),
    ("blocked", BLOCKED, Action.FIND_DOCUMENTS, 2),
    ("representative", GUARDIAN, Action.READ_DOCUMENT, 5),
    ("emergency", EMERGENCY, Action.READ_DOCUMENT, 3),
    ("structure deposits", STRUCTURE, Action.DEPOSIT, 10),
)
"""Who asks what, and how many of a hundred."""


def record() -> HealthRecord:
    """A record that was shared much: consents, blocks, masks of every kind, a doctor, a guardian."""
    consents = [_consent(_id(100 + n)) for n in range(CONSENTS - 2)]
    consents += [_consent(_id(2)), _consent(_HOSPITAL.id_nat, to_team=True)]
    blocks = [Block(person_id=_id(900 + n), name="", by="", start=_SINCE) for n in range(BLOCKS)]
    return HealthRecord(
        record_id=RecordId(UUID(int=1)),
        ins=_HOLDER,
        traits=_TRAITS,
        state=State.OPEN,
        steps=(Step(state=State.OPEN, at=_SINCE, by="", by_name="", channel=Channel.AUTOMATIC),),
        preferences=Preferences(blocks=tuple(blocks), masks=_masks()),
        relations=Relations(
            consents=tuple(consents),
            attending_doctor=AttendingDoctor(person_id=_id(1), name="", start=_SINCE),
            representatives=(
                Representation(
                    matricule=_GUARDIAN.matricule,
                    name="",
                    kind=RepresentationKind.GUARDIAN,
                    start=_SINCE,
                ),
            ),
        ),
    )


def _consent(grantee: str, *, to_team: bool = False) -> Consent:
    return Consent(
        grantee_id=grantee,
        grantee_name="",
        to_team=to_team,
        basis=Basis.ORAL,
        collected_by=grantee,
        start=_SINCE,
        end=_SINCE + timedelta(days=365),
    )


def _masks() -> tuple[Mask, ...]:
    """A half of documents, a half of categories; four of them concern the specialist or his line."""
    audiences = (
        (Audience.PROFESSION, "10"),
        (Audience.PROFESSIONAL, _id(2)),
        (Audience.PROFESSION, "28"),
        *((Audience.PROFESSIONAL, _id(300 + n)) for n in range(7)),
    )
    categories = ("QUEST_SANTE", "DOC_ADM", "DIR_ANT")
    assert set(categories) <= CATEGORIES.keys()
    masks = []
    for number in range(MASKS):
        audience, whom = audiences[number % len(audiences)]
        of_document = number % 2 == 0
        masks.append(
            Mask(
                audience=audience,
                audience_id=whom,
                covered=Covered.DOCUMENT if of_document else Covered.CATEGORY,
                target=str(UUID(int=5000 + number)) if of_document else categories[number % 3],
                start=_SINCE,
            )
        )
    return tuple(masks)


def questions() -> list[Question]:
    """A hundred questions in the proportions of `READERS`, in a drawn order that is always the same."""
    drawn = Random(11)  # noqa: S311  # an order, no secret
    types, asked = sorted(document_types()), record()
    found = []
    for _, caller, action, share in READERS:
        for _ in range(share):
            facts = DocumentFacts(
                type_code=drawn.choice(types),
                owner_ids=frozenset({_id(777), "1750000999"}),
                document_id=UUID(int=drawn.randrange(4_990, 5_100)),
                masked=drawn.random() < 0.1,
                hidden_from_patient=drawn.random() < 0.02,
            )
            document = facts if action is Action.READ_DOCUMENT else None
            found.append(
                Question(action=action, caller=caller, at=AT, record=asked, document=document)
            )
    drawn.shuffle(found)
    return found


def nothing(question: Question, policy: Policy, rules: Sequence[object] = RULES) -> None:
    """What is called instead of `decide`: the same arguments, no answer."""


def measure(rounds: int, told: Callable[[str], None]) -> Figure:
    asked, policy = questions(), Policy()
    _run(decide, asked, policy)  # warm: tables read, functions compiled to bytecode
    values, baselines, tails = [], [], []
    for number in range(rounds):
        times, base = _run(decide, asked, policy), _run(nothing, asked, policy)
        values.append(statistics.median(times) / 1_000)
        baselines.append(statistics.median(base) / 1_000)
        tails.append(statistics.quantiles(times, n=100)[98] / 1_000)
        told(f"decide: run {number + 1} of {rounds}: {values[-1]:.2f} µs, p99 {tails[-1]:.1f} µs")
    notes = [
        f"p99 {statistics.median(tails):.1f} µs  [{min(tails):.1f} to {max(tails):.1f}]",
        f"{DECISIONS:,} decisions a run, the readers mixed as in benchmarks/decide.py; a record with "
        f"{CONSENTS} consents, {BLOCKS} blocks, {MASKS} masks; {len(RULES)} rules",
        *_by_reader(asked, policy),
    ]
    return Figure("decide", "µs", values, baselines, "under 10 µs at the median", notes)


def _run(
    function: Callable[[Question, Policy], Decision | None],
    asked: Sequence[Question],
    policy: Policy,
) -> list[int]:
    """Nanoseconds of each call."""
    times = []
    gc.collect()
    for _ in range(DECISIONS // len(asked)):
        for question in asked:
            began = perf_counter_ns()
            function(question, policy)
            times.append(perf_counter_ns() - began)
    return times


def _by_reader(asked: Sequence[Question], policy: Policy) -> list[str]:
    lines = []
    for name, caller, action, _ in READERS:
        own = [q for q in asked if q.caller is caller and q.action is action]
        times = _run(decide, own, policy)
        tail = statistics.quantiles(times, n=100)[98] / 1_000
        lines.append(f"{name:<25} {statistics.median(times) / 1_000:5.1f} µs  p99 {tail:5.1f} µs")
    return lines
