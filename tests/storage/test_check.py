"""`check` finds each fault that is made, and nothing in what is sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from dmp.domain.documents.visibility import Visibility
from dmp.domain.record.notice import OPERATOR
from dmp.storage.check import Fault
from tests.builders import a_content, a_notice, a_profile, a_trace
from tests.storage.opened import deposited, kept_record, opened, run, working


def sql(statement: str) -> Callable[[str, Path], None]:
    def damage(database: str, _: Path) -> None:
        with psycopg.connect(database) as connection:
            connection.execute(statement.encode())

    return damage


def flipped(_: str, data_dir: Path) -> None:
    (pack,) = (data_dir / "packs").iterdir()
    octets = bytearray(pack.read_bytes())
    octets[-5] ^= 1
    pack.write_bytes(octets)


def lost(_: str, data_dir: Path) -> None:
    (pack,) = (data_dir / "packs").iterdir()
    pack.unlink()


FAULTS: list[tuple[Callable[[str, Path], None], set[Fault]]] = [
    (lambda _, __: None, set()),
    (flipped, {Fault.CONTENT_LOST}),
    (lost, {Fault.CONTENT_LOST}),
    (sql("UPDATE document SET pack_offset = pack_offset + 1"), {Fault.CONTENT_LOST}),
    (sql("UPDATE document SET sha256 = sha1"), {Fault.CONTENT_DIFFERS}),
    (sql("UPDATE document SET sha1 = 'x'"), {Fault.CONTENT_DIFFERS}),
    (sql("UPDATE document SET size = size + 1"), {Fault.CONTENT_DIFFERS}),
    (
        sql("UPDATE record_key SET wrapped = decode(repeat('00', 60), 'hex')"),
        {Fault.KEY_DAMAGED, Fault.CONTENT_LOST, Fault.PROFILE_DAMAGED},
    ),
    (sql("DELETE FROM record_key"), {Fault.KEY_MISSING}),
    (sql("UPDATE health_record SET state = 'destroyed'"), {Fault.KEY_LEFT}),
    (sql("DELETE FROM ins_key"), {Fault.INS_KEY_MISSING}),
    (sql("DELETE FROM document_key"), {Fault.DOCUMENT_KEY_MISSING}),
    (sql("DELETE FROM unique_id_key"), {Fault.UNIQUE_ID_KEY_MISSING}),
    (sql("DELETE FROM submission_key"), {Fault.SUBMISSION_KEY_MISSING}),
    (sql("DELETE FROM health_record"), {Fault.RECORD_MISSING}),
    (sql("DELETE FROM notice_key"), {Fault.NOTICE_KEY_MISSING}),
    (sql("DELETE FROM announcement"), {Fault.ANNOUNCEMENT_MISSING}),
    (sql("UPDATE profile SET sealed = sealed || 'x'::bytea"), {Fault.PROFILE_DAMAGED}),
]


@pytest.mark.parametrize(("damage", "expected"), FAULTS)
def test_each_fault_is_found(
    database: str,
    data_dir: Path,
    damage: Callable[[str, Path], None],
    expected: set[Fault],
) -> None:
    async def story() -> None:
        async with opened(database, data_dir) as store:
            record = await kept_record(store)
            hidden = Visibility(hidden_from_patient=True)
            entry = await deposited(store, record, a_content(800), visibility=hidden)
            notice = a_notice(record.record_id, addressee=OPERATOR)
            async with working(store) as unit:
                unit.notices.add(notice)
                unit.profiles.save(record.record_id, a_profile())
                await unit.commit([a_trace(record.record_id)])
            damage(database, data_dir)
            counted: list[int] = []
            findings = await store.check(counted.append)
            assert {finding.fault for finding in findings} == expected
            assert all(finding.record_id == record.record_id for finding in findings)
            assert {finding.subject for finding in findings} <= {
                record.record_id,
                entry.document_id,
                entry.submission_id,
                notice.notice_id,
            }
            assert counted[-1] == (0 if Fault.KEY_MISSING in expected else 1)

    run(story())
