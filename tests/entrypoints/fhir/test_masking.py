"""Masking through the door: from all, one profession, one professional; see-as tells what they then get."""

from __future__ import annotations

from typing import Any

import pytest

from dmp.domain.identifiers import Ins
from tests.entrypoints.fhir.operations import (
    DOCTORS_ID,
    NURSE,
    NURSES_ID,
    Parameter,
    call,
    child_of,
    code,
    document,
    documents,
    done,
    flag,
    parts,
    person,
    refused,
    seen,
    text,
    values,
)
from tests.entrypoints.fhir.requests import authorise, publish
from tests.entrypoints.fhir.served import (
    DOCTOR,
    OTHER_DOCTOR,
    SYSTEM,
    Served,
    holder,
    next_ins,
    patient,
)

LOINC = "http://loinc.org"
RESULTS = {"coding": [{"system": LOINC, "code": "11502-2"}]}


@pytest.fixture
def ins(served: Served) -> Ins:
    return next_ins()


@pytest.fixture
def record(served: Served, ins: Ins) -> str:
    """A record that both doctors and the nurse may read."""
    opened = served.open_record(ins)
    for caller in (DOCTOR, OTHER_DOCTOR, NURSE):
        with served.client(caller) as client:
            authorise(client, opened)
    return opened


def given(served: Served, ins: Ins, **changes: Any) -> str:
    """A document of the first doctor."""
    with served.client(DOCTOR) as client:
        identifier: str = publish(client, ins, **changes)["id"]
        return identifier


def view(served: Served, record: str, caller: Any) -> set[str]:
    with served.client(caller) as client:
        return seen(client, record)


OTHER = [
    code("lecteur", "professional"),
    person("identifiant", DOCTORS_ID),
    code("profession", "10"),
]
NURSES = [
    code("lecteur", "professional"),
    person("identifiant", NURSES_ID),
    code("profession", "60"),
]
READERS = {"doctor": (OTHER_DOCTOR, OTHER), "nurse": (NURSE, NURSES)}
MASKINGS: dict[str, list[Parameter]] = {
    "one": [],
    "a category": [code("categorie", "BIOLOGIE")],
    "from nurses": [code("profession", "60")],
    "from one doctor": [person("professionnel", DOCTORS_ID), text("nom", "Dr Lambert")],
    "a category from nurses": [code("categorie", "BIOLOGIE"), code("profession", "60")],
    "everything from one doctor": [
        flag("tout"), person("professionnel", DOCTORS_ID), text("nom", "Dr Lambert"),
    ],
}  # fmt: skip
WHO_LOSES = {
    "one": {"doctor": {"note"}, "nurse": {"note"}},
    "a category": {"doctor": {"results"}, "nurse": {"results"}},
    "from nurses": {"doctor": set(), "nurse": {"note"}},
    "from one doctor": {"doctor": {"note"}, "nurse": set()},
    "a category from nurses": {"doctor": set(), "nurse": {"results"}},
    "everything from one doctor": {"doctor": {"note", "results", "other"}, "nurse": set()},
}


@pytest.mark.parametrize("masking", MASKINGS)
def test_what_is_masked_goes_for_whom_it_is_masked_and_comes_back(
    served: Served, ins: Ins, record: str, masking: str
) -> None:
    all_of_them = {
        "note": given(served, ins),
        "results": given(served, ins, type=RESULTS),
        "other": given(served, ins),
    }
    asked = list(MASKINGS[masking])
    if not {one["name"] for one in asked} & {"categorie", "tout"}:
        asked.append(document("document", all_of_them["note"]))
    everything = set(all_of_them.values())
    with served.client(holder(ins)) as client:
        for name, (reader, ref) in READERS.items():
            gone = {all_of_them[one] for one in WHO_LOSES[masking][name]}
            considered = parts("masquage", code("action", "MASQUER"), *asked)
            before = done(client, record, "dmp-voir-comme", *ref, considered)
            assert documents(before, "aujourd-hui") == everything == view(served, record, reader)
            assert documents(before, "apres") == everything - gone
        done(client, record, "dmp-masquage", code("action", "MASQUER"), *asked)
        for name, (reader, ref) in READERS.items():
            gone = {all_of_them[one] for one in WHO_LOSES[masking][name]}
            assert view(served, record, reader) == everything - gone
            now = done(client, record, "dmp-voir-comme", *ref)
            assert documents(now, "aujourd-hui") == everything - gone
        assert seen(client, record) == everything
        assert view(served, record, DOCTOR) == everything  # he deposited them
        done(client, record, "dmp-masquage", code("action", "DEMASQUER"), *asked)
    for reader, _ in READERS.values():
        assert view(served, record, reader) == everything


def test_a_default_holds_for_what_comes(served: Served, ins: Ins, record: str) -> None:
    category = [code("categorie", "BIOLOGIE"), flag("avenir")]
    with served.client(holder(ins)) as client:
        done(client, record, "dmp-masquage", code("action", "MASQUER"), *category)
        choices = client.get(f"Patient/{record}/$dmp-choix").json()
        assert values(choices, "categorie-masquee") == ["BIOLOGIE"]
    results, note = given(served, ins, type=RESULTS), given(served, ins)
    assert view(served, record, OTHER_DOCTOR) == {note}
    with served.client(holder(ins)) as client:
        shown = done(client, record, "dmp-masquage", code("action", "DEMASQUER"), *category)
        assert documents(shown, "modifie") == {results}
        done(client, record, "dmp-choix", flag("masquer-nouveaux"))
    given(served, ins)
    assert view(served, record, OTHER_DOCTOR) == {note, results}


def test_the_answer_tells_the_masks_in_force(served: Served, ins: Ins, record: str) -> None:
    one, two = given(served, ins), given(served, ins)
    both = [document("document", one), document("document", two)]
    with served.client(holder(ins)) as client:
        answer = done(
            client,
            record,
            "dmp-masquage",
            code("action", "MASQUER"),
            *both,
            code("profession", "60"),
        )
        masks = values(answer, "masque")
        assert {part["name"] for mask in masks for part in mask} == {
            "profession", "nom", "document", "debut",
        }  # fmt: skip
        assert len(masks) == 2
        choices = client.get(f"Patient/{record}/$dmp-choix").json()
        assert values(choices, "masque") == masks
    assert view(served, record, NURSE) == set()


MASK = code("action", "MASQUER")
WRONG: dict[str, tuple[list[Parameter], tuple[int, str]]] = {
    "nothing": ([MASK], (400, "parameter-missing")),
    "no action": ([code("categorie", "BIOLOGIE")], (400, "parameter-missing")),
    "unknown action": ([code("action", "CACHER")], (400, "parameter-invalid")),
    "unknown parameter": ([MASK, flag("partout")], (400, "parameter-unknown")),
    "a category twice": ([MASK, *[code("categorie", "VDP")] * 2], (400, "parameter-invalid")),
    "another value": ([MASK, text("categorie", "VDP")], (400, "parameter-invalid")),
    "all from all": ([MASK, flag("tout")], (400, "parameter-invalid")),
    "two things": ([MASK, flag("tout"), code("categorie", "VDP")], (400, "parameter-invalid")),
    "no reference": (
        [MASK, {"name": "document", "valueReference": {"reference": "Binary/1"}}],
        (400, "parameter-invalid"),
    ),
    "two audiences": (
        [MASK, code("categorie", "VDP"), code("profession", "60"), person("professionnel", NURSES_ID)],
        (400, "parameter-invalid"),
    ),
    "a future for some": (
        [MASK, code("categorie", "VDP"), code("profession", "60"), flag("avenir")],
        (400, "parameter-invalid"),
    ),
    "another root": (
        [MASK, code("categorie", "VDP"), person("professionnel", NURSES_ID, "1.2.3")],
        (400, "parameter-invalid"),
    ),
    "nobody's name": (
        [MASK, code("categorie", "VDP"), person("professionnel", NURSES_ID)],
        (400, "parameter-missing"),
    ),
    "unknown category": ([MASK, code("categorie", "TOUT")], (422, "mask-not-possible")),
    "unknown profession": (
        [MASK, code("categorie", "VDP"), code("profession", "99")],
        (422, "mask-not-possible"),
    ),
    "unknown document": (
        [MASK, document("document", "00000000-0000-4000-8000-000000000000")],
        (404, "document-not-found"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("asked", "expected"), WRONG.values(), ids=WRONG)
def test_a_wrong_request_is_refused_and_changes_nothing(
    served: Served, ins: Ins, record: str, asked: list[Parameter], expected: tuple[int, str]
) -> None:
    note = given(served, ins)
    with served.client(holder(ins)) as client:
        assert refused(call(client, record, "dmp-masquage", *asked)) == expected
        choices = client.get(f"Patient/{record}/$dmp-choix").json()
        assert values(choices, "masque") == values(choices, "categorie-masquee") == []
    assert view(served, record, OTHER_DOCTOR) == {note}


def test_who_may_mask_for_the_person(served: Served, ins: Ins, record: str) -> None:
    note = given(served, ins)
    asked = [MASK, document("document", note)]
    for caller in (DOCTOR, OTHER_DOCTOR, NURSE, SYSTEM):
        with served.client(caller) as client:
            for more in ([], [code("profession", "60")]):
                status, _ = refused(call(client, record, "dmp-masquage", *asked, *more))
                assert status == 403
    with served.client(holder(next_ins())) as client:
        assert refused(call(client, record, "dmp-masquage", *asked)) == (404, "record-not-found")
        assert refused(call(client, record, "dmp-voir-comme", *NURSES))[0] == 404
    with served.client(None) as client:
        assert refused(call(client, record, "dmp-masquage", *asked))[0] == 401
    assert view(served, record, OTHER_DOCTOR) == {note}


SECRET = [
    {
        "coding": [
            {
                "system": "https://mos.esante.gouv.fr/NOS/TRE_A07-StatutVisibiliteDocument/FHIR/"
                "TRE-A07-StatutVisibiliteDocument",
                "code": "INVISIBLE_REPRESENTANTS_LEGAUX",
            }
        ]
    }
]


def test_a_parent_neither_masks_nor_sees_through_others_what_is_hidden_from_him(
    served: Served, ins: Ins
) -> None:
    with served.client(DOCTOR) as client:
        born = patient(ins, birthDate="2014-05-05")
        record = client.post("Patient", json=born).json()["id"]
    for caller in (DOCTOR, OTHER_DOCTOR):
        with served.client(caller) as client:
            authorise(client, record)
    parent = child_of(served, record, next_ins())
    hidden, plain = given(served, ins, securityLabel=SECRET), given(served, ins)
    with served.client(parent) as client:
        assert seen(client, record) == {plain}
        through = done(client, record, "dmp-voir-comme", *OTHER)
        assert documents(through, "aujourd-hui") == {plain}
        asked = [MASK, code("categorie", "CPT_REND")]
        assert documents(done(client, record, "dmp-masquage", *asked), "modifie") == {plain}
        named = [MASK, document("document", hidden)]
        unknown = [MASK, document("document", "00000000-0000-4000-8000-000000000000")]
        for more in ([], [code("profession", "60")]):
            answers = [
                call(client, record, "dmp-masquage", *one, *more) for one in (named, unknown)
            ]
            assert answers[0].content == answers[1].content
            assert answers[0].status_code == answers[1].status_code
    assert view(served, record, OTHER_DOCTOR) == {hidden}
    with served.client(holder(ins)) as client:
        through = done(client, record, "dmp-voir-comme", *OTHER)
        assert documents(through, "aujourd-hui") == {hidden}
