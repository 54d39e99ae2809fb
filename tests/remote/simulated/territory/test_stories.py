"""The scenes and their documents: the same octets for a seed, coherent, readable by our readers."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import pairwise

import pytest

from dmp.domain.documents.submission import ClaimedDocument, Submission
from dmp.domain.documents.types import document_types
from dmp.domain.documents.visibility import Restriction
from dmp.domain.identifiers import NO_RECORD
from dmp.formats.cda.render import render
from dmp.formats.content import read_header
from dmp.remote.simulated.territory import plot
from dmp.remote.simulated.territory.cast import cast_people
from dmp.remote.simulated.territory.people import Person
from dmp.remote.simulated.territory.scenes.plot import Scene, Stage

pytestmark = pytest.mark.slow

TODAY = date(2026, 11, 22)
STAGE = Stage(NO_RECORD, NO_RECORD)


@cache
def _scenes(people: int = 90) -> dict[str, tuple[Person, list[Scene]]]:
    return {person.key: (person, scenes) for person, scenes in plot(5, people, TODAY)}


@cache
def _documents() -> tuple[tuple[Person, Scene, ClaimedDocument], ...]:
    return tuple(
        (person, scene, document)
        for person, scenes in _scenes().values()
        for scene in scenes
        for document in _sent(scene)
    )


def _sent(scene: Scene) -> tuple[ClaimedDocument, ...]:
    request = scene.request(STAGE)
    return request.documents if isinstance(request, Submission) else ()


def test_the_same_seed_gives_the_same_octets() -> None:
    again = [
        (scene.at, document.unique_id, document.content)
        for _, scenes in plot(5, 40, TODAY)
        for scene in scenes
        for document in _sent(scene)
    ]
    first = [(s.at, d.unique_id, d.content) for _, s, d in _documents()][: len(again)]
    assert again == first


def test_another_seed_gives_other_identifiers() -> None:
    ours = {document.unique_id for _, _, document in _documents()}
    for _, scenes in plot(6, 1, TODAY):
        for scene in scenes:
            assert ours.isdisjoint({document.unique_id for document in _sent(scene)})


def test_scenes_of_a_record_stand_in_time_between_birth_and_today() -> None:
    end = datetime.combine(TODAY, time(0), UTC)
    for person, scenes in _scenes().values():
        for before, after in pairwise(scenes):
            assert before.at < after.at
        for scene in scenes:
            assert person.traits.birth_date <= scene.at.date()
            assert scene.at < end


def test_every_cda_is_read_by_our_reader_and_agrees_with_its_metadata() -> None:
    read = 0
    for person, scene, document in _documents():
        header = read_header(document.content, document.content_type)
        if document.content_type != "text/xml":
            continue
        read += 1
        assert header.is_cda
        assert header.unique_id == document.unique_id
        assert header.title == document.title
        assert header.type_code == document.type_code
        assert header.patient_ids == ((person.ins.root.value, person.ins.matricule),)
        assert header.format_code is not None
        assert header.facility_type == document.facility_type
        assert header.practice_setting == document.practice_setting
        assert header.created_at is not None
        assert timedelta(0) <= scene.at - header.created_at < timedelta(hours=1)
        assert not header.warnings
    assert read > 400


def test_every_cda_can_be_shown() -> None:
    for _, _, document in _documents():
        if document.content_type == "text/xml":
            view = render(document.content)
            assert view.sections or view.attachments


_PLACEHOLDER = re.compile(r"TODO|XXX|[{}]|à compléter|\b(?:lorem|None|nan|inf)\b")


def test_no_text_holds_a_placeholder() -> None:
    for _, _, document in _documents():
        if document.content_type == "text/xml":
            assert _PLACEHOLDER.search(document.content.decode("utf-8")) is None, document.title


def test_documents_are_of_many_kinds_and_types_of_the_dmp() -> None:
    types = Counter(d.type_code.code for _, _, d in _documents() if d.type_code)
    assert set(types) <= set(document_types())
    assert {"11488-4", "11502-2", "18748-4", "11490-0", "57833-6", "87273-9", "60591-5"} <= set(
        types
    )
    media = Counter(document.content_type for _, _, document in _documents())
    assert media["application/pdf"] >= 3


def test_people_have_some_documents_on_average() -> None:
    counts = Counter(person.key for person, _, _ in _documents())
    drawn = [counts[key] for key in _scenes() if key not in cast_people()]
    assert 4 <= sum(drawn) / len(drawn) <= 9
    assert counts["henri-barbier"] >= 120


_PER_CENT = re.compile(r'<value[^>]*value="([0-9.]+)" unit="%"')


def test_glycated_haemoglobin_falls_under_treatment() -> None:
    values: list[float] = []
    for person, _, document in _documents():
        if person.key == "pierre-gauthier" and b"4548-4" in document.content:
            found = _PER_CENT.search(document.content.decode())
            assert found is not None
            values.append(float(found[1]))
    assert len(values) >= 2
    assert values == sorted(values, reverse=True)


def _restricted(key: str) -> set[Restriction]:
    return {
        restriction
        for person, _, document in _documents()
        if person.key == key
        for restriction in document.restrictions or ()
    }


def test_the_scripts_show_their_rules() -> None:
    assert _restricted("nadia-benali") == {Restriction.HIDDEN_FROM_PATIENT}
    assert _restricted("lea-moreau") == {Restriction.HIDDEN_FROM_REPRESENTATIVES}
    refused = {
        key: {scene.expected for scene in scenes if scene.expected}
        for key, (_, scenes) in _scenes().items()
    }
    assert {key for key, reasons in refused.items() if reasons} == {
        "paul-durand",
        "marcel-petitjean",
        "bernard-leroy",
        "aminata-diallo",
        "marie-fabre-1985",
    }
    assert _scenes()["yves-cordier"][1] == []
    replaced = [d for p, _, d in _documents() if p.key == "pierre-gauthier" and d.replaces]
    assert len(replaced) == 1


def test_today_moves_the_stories_and_not_the_births() -> None:
    later = {person.key: person for person, _ in plot(5, 40, date(2027, 3, 1))}
    for key, person in later.items():
        assert person == _scenes()[key][0]
