"""What a document says, packed: it comes back as it was, beside others that are opened, and in former forms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from functools import partial
from random import Random
from uuid import UUID

import msgspec

from dmp.domain.clinical.facts import (
    Agent,
    Allergy,
    Device,
    Dispensed,
    Findings,
    Imaging,
    Performed,
    Prescribed,
    Problem,
    Provenance,
    Result,
    Source,
    Stay,
    Vaccination,
)
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import attached
from dmp.domain.codes import LOINC, Code
from dmp.domain.documents.entry import Author, AuthorKind
from dmp.domain.identifiers import DocumentId
from dmp.storage.former_findings import formerly_said
from dmp.storage.packed_findings import Unpacking, packed

NOW = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
PARIS = NOW.astimezone(timezone(timedelta(hours=1)))
"""The same instant, as another clock tells it."""
DAY = date(2026, 3, 2)
WORDS = ("", "a", "é|b", "4548-4")


def some_said(drawn: Random) -> tuple[Source, ...]:
    """What a fact says of its sources: nothing, one, or two."""
    return tuple(
        Source(
            drawn.choice(list(Provenance)),
            drawn.choice((date.min, DAY)),
            anchor=drawn.choice(WORDS),
            author=drawn.choice(WORDS),
            author_id=drawn.choice(WORDS),
        )
        for _ in range(drawn.randrange(3))
    )


def some_findings(drawn: Random) -> Findings:
    """Facts of each numerous kind, whose codes and people are named by several of them."""

    def code() -> Code:
        return Code(*(drawn.choice(WORDS) for _ in range(3)))

    def agent() -> Agent:
        return Agent(name=drawn.choice(WORDS), id=drawn.choice(WORDS))

    few = range(drawn.randrange(3))
    alike = some_said(drawn)
    said = partial(some_said, drawn)
    word = partial(drawn.choice, WORDS)
    return Findings(
        allergies=tuple(Allergy(label=word(), sources=said()) for _ in few),
        prescribed=tuple(
            Prescribed(word(), (code(), code()), word(), DAY, None, agent(), said()) for _ in few
        ),
        dispensed=tuple(
            Dispensed(word(), DAY, (code(),), 2.5, None, agent(), agent(), said()) for _ in few
        ),
        results=tuple(
            Result(
                word(),
                drawn.choice((NOW, PARIS)),
                drawn.choice((None, code())),
                drawn.choice((None, 1.5)),
                word(),
                "g",
                1.0,
                interpretation=word(),
                sources=drawn.choice((alike, said())),
            )
            for _ in range(drawn.randrange(6))
        ),
        imaging=tuple(Imaging(word(), DAY, code(), performer=agent(), sources=said()) for _ in few),
        performed=tuple(Performed(word(), DAY, code(), 3.0, agent(), sources=said()) for _ in few),
        no_known_problem=said(),
    )


def outline(rank: int = 1, specialty: Code | None = None) -> Outline:
    """A document, with an author."""
    author = Author(
        kind=AuthorKind.PROFESSIONAL, id="810000000017", family="MARTIN", specialty=specialty
    )
    return Outline(
        document_id=DocumentId(UUID(int=rank)),
        title="Compte rendu",
        service_start=NOW,
        submitted_at=NOW,
        type_code=Code("11502-2", LOINC, "CR d'examens biologiques"),
        class_code=Code("10", "1.2.250.1.213.1.1.4.1", "Compte rendu"),
        authors=(author,),
    )


def test_documents_opened_together_say_what_each_of_them_said() -> None:
    drawn = Random(7)  # noqa: S311  # facts to be packed, no secret
    described = [
        (outline(rank, Code("SM54", "1.2", f"Spécialité {rank % 5}")), some_findings(drawn))
        for rank in range(60)
    ]
    unpacking = Unpacking()
    octets = [packed(entry, one) for entry, one in described]
    found = [unpacking.opened(one) for one in octets]
    assert all(one.startswith(b"[4,") for one in octets)
    for got, (entry, one) in zip(found, described, strict=True):
        expected = entry, attached(entry, one)
        assert got == expected
        assert repr(got) == repr(expected)


EVERYTHING = Findings(
    allergies=(Allergy(label="Pénicilline", since=DAY),),
    problems=(Problem(label="Asthme", code=Code("J45", "cim", "Asthme")),),
    prescribed=(Prescribed(label="Amoxicilline", codes=(Code("J01CA04", "atc"),), start=DAY),),
    dispensed=(Dispensed(label="Amoxicilline", on=DAY, boxes=2),),
    results=(Result(label="K", at=NOW, code=Code("2823-3", LOINC, "Potassium"), value=5.4),),
    vaccinations=(Vaccination(label="DTP", on=DAY, targets=("tétanos",)),),
    stays=(Stay(place="CHU", start=DAY),),
    imaging=(Imaging(label="Scanner", on=DAY, modality="CT", performer=Agent(name="Dr A")),),
    performed=(Performed(label="NFS", on=DAY, code=Code("1104", "nabm")),),
    devices=(Device(label="Canne", on=DAY),),
    no_known_allergy=(Source(Provenance.DECLARED, DAY),),
)


def test_every_kind_of_fact_comes_back() -> None:
    assert Unpacking().opened(packed(outline(), EVERYTHING)) == (
        outline(),
        attached(outline(), EVERYTHING),
    )
    assert all(EVERYTHING[rank] for rank in range(11))


def test_what_was_packed_when_the_form_began_is_still_read() -> None:
    """The rows of a fact are what rests in databases: whoever gives a fact a value more reads these as well."""
    potassium = f'["2823-3","{LOINC}","Potassium"]'
    octets = (
        '[4,"00000000-0000-0000-0000-000000000001","2026-03-02T08:30:00Z","2026-03-02T08:30:00Z",'
        f'["Compte rendu",["11502-2","{LOINC}","CR d\'examens biologiques"],'
        '["10","1.2.250.1.213.1.1.4.1","Compte rendu"],'
        '[["professional","810000000017","","MARTIN","",null,null,"","",""]]],'
        '[[["structured","2026-03-02",null,"18719-5","","","",""]]],[["Dr A","","",""],["","","",""]],'
        f'[[0,"2026-03-02T08:30:00Z",[["K",{potassium},"mmol/L",3.5,null]],[5.4],[],["H"]]],'
        f'[[0,["Amoxicilline",[{potassium}]],"1 par jour","2026-03-02",null,0]],'
        '[[0,["Amoxicilline",[]],"2026-03-02",2.0,null,0,1]],'
        f'[[0,["NFS",{potassium}],"2026-03-02",1.0,0,1]],'
        '[[0,["Scanner",null,"CT","thorax"],"2026-03-02","rien",0]],null]'
    )
    _is_what_was_said(octets.encode())


def test_what_was_packed_in_the_third_form_is_still_read() -> None:
    """Until the house has read the document again."""
    octets = (
        '["00000000-0000-0000-0000-000000000001","Compte rendu","2026-03-02T08:30:00Z",'
        '"2026-03-02T08:30:00Z",0,1,[["professional","810000000017","","MARTIN","",null,null,"","",""]],'
        '[[["structured","2026-03-02",null,"18719-5","","","",""]]],'
        f'[["11502-2","{LOINC}","CR d\'examens biologiques"],["10","1.2.250.1.213.1.1.4.1","Compte rendu"],'
        f'["2823-3","{LOINC}","Potassium"]],[["Dr A","","",""],["","","",""]],'
        '[[0,"K","2026-03-02T08:30:00Z",2,5.4,"","mmol/L",3.5,null,"H"]],'
        '[[0,"Amoxicilline",[2],"1 par jour","2026-03-02",null,0]],'
        '[[0,"Amoxicilline","2026-03-02",[],2.0,null,0,1]],'
        '[[0,"NFS","2026-03-02",2,1.0,0,1]],'
        '[[0,"Scanner","2026-03-02",-1,"CT","thorax","rien",0]],null]'
    )
    _is_what_was_said(octets.encode())


def _is_what_was_said(octets: bytes) -> None:
    entry, found = Unpacking().opened(octets)
    assert entry == outline()
    assert found.results[0][:9] == (
        "K", NOW, Code("2823-3", LOINC), 5.4, "", "mmol/L", 3.5, None, "H",
    )  # fmt: skip
    assert found.prescribed[0].dosage == "1 par jour"
    assert (found.dispensed[0].prescriber, found.dispensed[0].boxes) == (Agent(name="Dr A"), 2)
    assert found.performed[0].code == Code("2823-3", LOINC)
    assert (found.imaging[0].code, found.imaging[0].conclusion) == (None, "rien")
    (source,) = found.imaging[0].sources
    assert (source.document, source.anchor, source.author) == (UUID(int=1), "18719-5", "MARTIN")


def test_what_was_kept_with_the_name_of_each_value_is_still_read() -> None:
    """Until the house has read the document again."""
    former = {
        "outline": _named(outline()),
        "findings": {
            name: [_named(one) for one in facts]
            for name, facts in zip(Findings._fields, EVERYTHING, strict=True)
        },
    }
    opened = Unpacking().opened(msgspec.json.encode(former))
    assert opened == (outline(), attached(outline(), EVERYTHING))
    assert formerly_said(msgspec.json.encode(former["findings"])) == EVERYTHING


def _named(value: object) -> object:
    """A named tuple as it was written when it was none."""
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return {name: _named(one) for name, one in value._asdict().items()}
    return msgspec.to_builtins(value)
