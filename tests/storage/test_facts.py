"""What documents say: kept sealed, loaded by the scope of documents, stamped by what the scope lets through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

import msgspec
import psycopg
import pytest

from dmp.domain.access.filter import Scope
from dmp.domain.claims.reimbursement import Kind, Reimbursement, System
from dmp.domain.clinical.facts import Allergy, Findings, Result
from dmp.domain.clinical.material import Outline
from dmp.domain.clinical.same.attaching import of_document
from dmp.domain.codes import LOINC, TRE_A05_TYPE, Code
from dmp.domain.documents.entry import Status
from dmp.domain.documents.visibility import Visibility
from dmp.domain.record.health_record import HealthRecord
from dmp.domain.record.profile import Profile
from dmp.storage.keys.files import MASTER, key_from
from dmp.storage.keys.ring import KeyRing
from dmp.storage.sealing import ContentDamaged, seal
from dmp.storage.store import Store
from tests.builders import NOW, a_trace, an_ins, changed
from tests.storage.opened import deposited, kept_record, opened, run, working

SEEN = Findings(allergies=(Allergy(label="Pénicilline", since=date(2009, 5, 1)),))
POTASSIUM = Result(
    label="Potassium", at=NOW, code=Code("2823-3", LOINC, "Potassium"), value=5.4, unit="mmol/L"
)
HIDDEN = Findings(results=(POTASSIUM,))
MASKED = Visibility(masked=True)
CLAIMS = Code("REMB", TRE_A05_TYPE, "Données de remboursement")
PROFESSIONAL = Scope(sees_hidden_from_patient=True, sees_hidden_from_representatives=True)
EVERYTHING = PROFESSIONAL._replace(sees_masked=True)
FORMER_NAMES = UUID("6d0a2d0e-8a3b-5e0c-9b57-54b2b0d5b1f4")
NARROW = PROFESSIONAL._replace(types=frozenset({"11488-4"}))


async def _stamp(store: Store, record: HealthRecord, scope: Scope = PROFESSIONAL) -> str:
    async with working(store) as unit:
        return await unit.facts.stamp(record.record_id, scope)


async def _found(
    store: Store, record: HealthRecord, scope: Scope = PROFESSIONAL
) -> list[Findings | None]:
    async with working(store) as unit:
        found = await unit.facts.in_scope(record.record_id, scope)
        for outline, said in found:
            if said is not None:
                sources = [
                    *(source for one in said.allergies for source in one.sources),
                    *(source for one in said.results for source in one.sources),
                ]
                proofs = {source.document for source in sources}
                assert proofs == {outline.document_id}
        return [None if said is None else _as_said(said) for _, said in found]


def _as_said(found: Findings) -> Findings:
    """What a document says, without the source that it was given when it was read."""
    return found._replace(
        allergies=tuple(replace(one, sources=()) for one in found.allergies),
        results=tuple(one._replace(sources=()) for one in found.results),
    )


def _line(**changes: Any) -> Reimbursement:
    values: dict[str, Any] = {
        "line_id": uuid4(),
        "kind": Kind.MEDICINE,
        "system": System.CIP13,
        "code": "3400930000001",
        "start": date(2026, 1, 10),
        "flow": date(2026, 2, 1),
    }
    return Reimbursement(**{**values, **changes})


def _written(
    database: str, record: HealthRecord, *lines: Reimbursement, at: datetime = NOW
) -> None:
    """Lines as the feed leaves them."""
    with psycopg.connect(database) as connection:
        with connection.cursor().copy("COPY claim_line FROM STDIN") as rows:
            for line in lines:
                rows.write_row((
                    record.record_id, line.line_id, line.kind, line.system, line.code, line.start,
                    line.end, line.prescribed_on, line.nature, line.quantity, line.prescriber,
                    line.prescriber_speciality, line.performer, line.performer_speciality,
                    line.place, line.prescriber_place, line.flow, " ".join(line.diagnoses), None,
                ))  # fmt: skip
        connection.execute(
            "INSERT INTO claim_feed VALUES (%s, %s) ON CONFLICT (record_id)"
            " DO UPDATE SET changed_at = excluded.changed_at",
            (record.record_id, at),
        )


def test_what_a_document_says_comes_back_as_it_was(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            first = await deposited(store, record, findings=SEEN)
            await deposited(store, record, created_at=NOW)  # newest, without structured form
            await deposited(store, await kept_record(store, ins=an_ins(2)), findings=HIDDEN)
            async with working(store) as unit:
                found = await unit.facts.in_scope(record.record_id, PROFESSIONAL)
            assert [one for _, one in found] == [None, of_document(first, SEEN)]
            outline = found[1][0]
            assert outline == tuple(getattr(first, name) for name in Outline._fields)

    run(story())


def test_what_was_sealed_in_the_first_form_still_opens(database: str, data_dir: Path) -> None:
    """Until the house has read the document again: the name was another one, the entry stood apart."""

    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            document = await deposited(store, record, findings=HIDDEN)
            with psycopg.connect(database) as connection:
                wrapped = connection.execute("SELECT wrapped FROM record_key").fetchall()[0][0]
                key = KeyRing(key_from(data_dir / "keys", MASTER)).unwrap(record.record_id, wrapped)
                name = uuid5(FORMER_NAMES, document.document_id.hex)
                former = seal(key, name, msgspec.json.encode(SEEN._asdict()))
                connection.execute("UPDATE document_findings SET form = 1, sealed = %s", (former,))
            assert await _found(store, record) == [SEEN]

    run(story())


def test_facts_exist_where_their_document_does(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record, findings=HIDDEN, visibility=MASKED)
            other_type = Code("11502-2", LOINC, "CR d'examens biologiques")
            await deposited(store, record, findings=SEEN, type_code=other_type)
            await deposited(store, record, findings=SEEN, status=Status.DEPRECATED)
            await deposited(store, record, findings=SEEN, status=Status.DELETED)
            assert await _found(store, record) == [SEEN]
            assert await _found(store, record, NARROW) == []
            assert sorted(map(str, await _found(store, record, EVERYTHING))) == sorted(
                map(str, [HIDDEN, SEEN])
            )

    run(story())


def test_a_hidden_document_is_never_opened(database: str, data_dir: Path) -> None:
    """Whether it is sound or damaged, nobody learns who may not see it: not even by an error."""

    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            first = await deposited(store, record, findings=SEEN)
            hidden = await deposited(store, record, findings=HIDDEN, visibility=MASKED)
            silent = await deposited(store, record)
            with psycopg.connect(database) as connection:
                connection.execute(
                    "UPDATE document_findings SET sealed = '\\x00' WHERE document_id = %s",
                    (hidden.document_id,),
                )
            async with working(store) as unit:
                found = await unit.facts.in_scope(record.record_id, PROFESSIONAL)
            assert {outline.document_id: said for outline, said in found} == {
                first.document_id: of_document(first, SEEN),
                silent.document_id: None,
            }
            assert len(await _found(store, record, NARROW)) == 2
            with pytest.raises(ContentDamaged):
                await _found(store, record, EVERYTHING)

    run(story())


def test_without_its_key_a_record_says_nothing(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record, empty = await kept_record(store), await kept_record(store, ins=an_ins(2))
            await deposited(store, record, findings=SEEN)
            assert await _found(store, empty) == []
            assert await _found(store, record) == [SEEN]
            with psycopg.connect(database) as connection:
                connection.execute("DELETE FROM record_key")
            assert await _found(store, record) == []
            async with working(store) as unit:
                assert await unit.claims.of_record(record.record_id, date(2000, 1, 1)) == []

    run(story())


def test_the_stamp_tells_of_nothing_that_the_scope_hides(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record, findings=SEEN)
            before, narrow = await _stamp(store, record), await _stamp(store, record, NARROW)
            hidden = await deposited(store, record, findings=HIDDEN, visibility=MASKED)
            claims = await deposited(
                store, record, visibility=MASKED, type_code=CLAIMS, findings=Findings()
            )
            _written(database, record, _line())
            async with working(store) as unit:
                unit.documents.change(changed(hidden, title="Autre titre"), hidden)
                unit.facts.keep(hidden, SEEN)
                await unit.commit([a_trace(record.record_id)])
            assert await _stamp(store, record) == before
            assert await _stamp(store, record, NARROW) == narrow
            async with working(store) as unit:
                unit.documents.change(changed(claims, visibility=Visibility()), claims)
                await unit.commit([a_trace(record.record_id)])
            shown = await _stamp(store, record)
            assert shown != before
            _written(database, record, at=NOW + timedelta(days=1))
            assert await _stamp(store, record) != shown
            assert await _stamp(store, record, NARROW) == narrow

    run(story())


def test_what_the_holder_declares_is_in_the_stamp_of_those_it_is_open_to(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            await deposited(store, record, findings=SEEN)
            before, narrow = await _stamp(store, record), await _stamp(store, record, NARROW)
            async with working(store) as unit:
                await unit.records.by_id(record.record_id)
                unit.profiles.save(record.record_id, Profile(no_known_allergy=True))
                await unit.commit([a_trace(record.record_id)])
            assert await _stamp(store, record) != before
            assert await _stamp(store, record, NARROW) == narrow

    run(story())


def test_nothing_that_a_document_says_rests_in_clear(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            entry = await deposited(store, record, findings=SEEN)
            other = await deposited(store, record, findings=HIDDEN)
            with psycopg.connect(database) as connection:
                sealed = connection.execute("SELECT sealed FROM document_findings").fetchall()
                assert [b"nicilline" in row[0] or b"Potassium" in row[0] for row in sealed] == [
                    False,
                    False,
                ]
                # One document's findings do not pass for another's.
                connection.execute(
                    "UPDATE document_findings SET sealed = (SELECT sealed FROM document_findings"
                    " WHERE document_id = %s) WHERE document_id = %s",
                    (other.document_id, entry.document_id),
                )
            with pytest.raises(ContentDamaged):
                await _found(store, record)

    run(story())


def test_lines_come_back_as_they_were_and_from_the_day_asked(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            stay = _line(
                kind=Kind.STAY, system=System.GHM, code="05M091", start=date(2025, 12, 20),
                end=date(2026, 1, 3), diagnoses=("I500", "E119"), place="750000010",
            )  # fmt: skip
            cancelling = _line(
                quantity=-1.0, prescriber="810100000017", prescriber_speciality="1",
                performer="810100000025", performer_speciality="50", place="750000010",
                prescriber_place="750000028", nature="3313", prescribed_on=date(2026, 1, 9),
            )  # fmt: skip
            lasting = _line(
                kind=Kind.LONG_TERM, system=System.CIM10, code="E119", start=date(2010, 1, 1)
            )
            old = _line(start=date(2024, 1, 1))
            _written(database, record, stay, cancelling, lasting, old)
            async with working(store) as unit:
                found = await unit.claims.of_record(record.record_id, date(2026, 1, 1))
                assert list(found) == [cancelling, stay, lasting]
                awaiting = await unit.claims.awaiting(10)
                assert awaiting == [(record.record_id, NOW)]
                await unit.records.by_id(record.record_id)
                unit.claims.published(record.record_id, NOW)
                await unit.commit([a_trace(record.record_id)])
                assert await unit.claims.awaiting(10) == []

    run(story())


def test_documents_read_in_an_earlier_form_are_found(
    database: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            read = await deposited(store, record, findings=SEEN)
            never = await deposited(store, record)
            await deposited(store, record, mime_type="application/pdf")
            async with working(store) as unit:
                assert [d for _, d in await unit.facts.underived(10)] == [never.document_id]
            monkeypatch.setattr("dmp.storage.postgres.keepers.facts.FINDINGS_FORM", 99)
            async with working(store) as unit:
                found = {d for _, d in await unit.facts.underived(10)}
            assert found == {read.document_id, never.document_id}

    run(story())


def test_the_last_reading_is_the_callers_own_and_done(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            async with working(store) as unit:
                caller = a_trace().caller.id
                at = datetime(2026, 1, 5, tzinfo=UTC)
                await unit.commit([a_trace(record.record_id, at=at)])
                last = await unit.facts.last_reading(record.record_id, caller, NOW)
                assert last == at
                assert await unit.facts.last_reading(record.record_id, caller, at) is None
                assert await unit.facts.last_reading(record.record_id, "nobody", NOW) is None

    run(story())
