"""Les avis partent par courriel et par SMS : une fois, sans rien dire du contenu, et aucun n'est perdu."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import uvicorn

from dmp.acts.notices.send_notice import NotSent, Post
from dmp.acts.perform import perform
from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.bootstrap.post import post_of, send_due
from dmp.domain.documents.visibility import Restriction
from dmp.domain.record.notice import Notice, NoticeKind
from dmp.domain.record.outgoing import LEASE, RETRIES, Channel, Message
from dmp.domain.record.profile import Profile
from dmp.remote.post.sms import international
from dmp.remote.post.smtp import MailServer, composed
from dmp.remote.simulated.directory import caller_of, person_of
from dmp.remote.simulated.post.mailbox import Mailbox, mail_server, post_office
from dmp.settings import SettingInvalid, Settings, from_environment
from tests.acts.standing import traces_of
from tests.builders import NOW, a_notice, a_trace
from tests.scenarios.telling import PATIENT, Story, telling
from tests.storage.opened import run, working

REACHED = Profile(email="camille@exemple.fr", phone="06 12 34 56 78", notices_by_sms=True)


@dataclass
class Recorder:
    """A post that keeps what it was handed, and fails as long as it is told to."""

    sent: list[Message] = field(default_factory=list)
    failing: list[bool] = field(default_factory=list)

    async def __call__(self, message: Message) -> None:
        if self.failing:
            raise NotSent(for_good=self.failing.pop(0))
        self.sent.append(message)


async def _told(tale: Story, profile: Profile | None = REACHED, **notice: object) -> Notice:
    """Somebody has a record, and is told something."""
    record = await tale.opened()
    if profile is not None:
        request = SaveProfile(record_id=record.record_id, profile=profile)
        await perform(tale.house, save_profile, request, caller_of(PATIENT))
    given = a_notice(record.record_id, **{"at": tale.house.at, "addressee": "", **notice})
    async with working(tale.house.store) as unit:
        await unit.records.by_id(record.record_id)
        unit.notices.add(given)
        await unit.commit([a_trace(record.record_id)])
    return given


async def _turn(tale: Story, post: Post) -> int:
    return await send_due(tale.house, tale.house.store.outbox, post)


def test_un_avis_part_une_fois_par_chaque_canal(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            notice = await _told(tale)
            post = Recorder()
            assert await _turn(tale, post) == 2
            assert {(m.channel.value, m.address) for m in post.sent} == {
                ("mail", "camille@exemple.fr"),
                ("sms", "06 12 34 56 78"),
            }
            assert all(m.kind is notice.kind for m in post.sent)
            tale.later(days=30)
            assert await _turn(tale, post) == 0
            # The same notice given again is one notice: it does not leave again.
            async with working(tale.house.store) as unit:
                await unit.records.by_id(notice.record_id)
                unit.notices.add(notice)
                await unit.commit([a_trace(notice.record_id)])
            assert await _turn(tale, post) == 0
            assert len(post.sent) == 2

    run(story())


@pytest.mark.parametrize(
    "profile",
    [None, Profile(), replace(REACHED, notices_by_mail=False, notices_by_sms=False)],
    ids=["sans profil", "sans adresse", "n'en veut pas"],
)
def test_sans_adresse_ou_sans_souhait_rien_ne_part(
    profile: Profile | None, database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale, profile)
            post = Recorder()
            assert await _turn(tale, post) == 2
            tale.later(days=30)
            assert await _turn(tale, post) == 0
            assert post.sent == []

    run(story())


def test_ce_qui_est_secret_ou_adresse_a_un_autre_ne_part_pas(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale, secret=True)
            post = Recorder()
            assert await _turn(tale, post) == 0
            record = await tale.known()
            async with working(tale.house.store) as unit:
                unit.notices.add(a_notice(record.record_id, addressee="810100000017", at=NOW))
                await unit.commit([a_trace(record.record_id)])
            assert await _turn(tale, post) == 0

    run(story())


def test_un_echec_est_repris_puis_abandonne(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale, replace(REACHED, notices_by_sms=False))
            post = Recorder(failing=[False] * (len(RETRIES) + 1))
            await _turn(tale, post)
            for waits in RETRIES:
                tale.house.at += waits - timedelta(seconds=1)
                assert await _turn(tale, post) == 0
                tale.later(seconds=1)
                assert await _turn(tale, post) == 1
            assert post.failing == []
            tale.later(days=30)
            assert await _turn(tale, post) == 0
            assert post.sent == []

    run(story())


def test_un_refus_definitif_n_est_pas_repris(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale, replace(REACHED, notices_by_sms=False))
            post = Recorder(failing=[True])
            await _turn(tale, post)
            tale.later(days=5)
            assert await _turn(tale, post) == 0

    run(story())


def test_coupe_entre_l_envoi_et_sa_note_il_repart_sous_le_meme_numero(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale, replace(REACHED, notices_by_sms=False))
            first, second = Recorder(), Recorder()

            async def cut(message: Message) -> None:
                await first(message)
                raise asyncio.CancelledError

            with pytest.raises(asyncio.CancelledError):
                await _turn(tale, cut)
            assert await _turn(tale, second) == 0
            tale.house.at += LEASE
            await _turn(tale, second)
            assert [m.message_id for m in first.sent] == [m.message_id for m in second.sent]
            tale.house.at += LEASE
            assert await _turn(tale, second) == 0

    run(story())


def test_une_vieille_nouvelle_n_en_est_plus_une(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale)
            tale.later(days=7)
            post = Recorder()
            assert await _turn(tale, post) == 0

    run(story())


@asynccontextmanager
async def _posting(mailbox: Mailbox, mail_port: int) -> AsyncIterator[Settings]:
    """The demo's mail server and SMS gateway, by real SMTP and HTTP on loopback."""
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        config = uvicorn.Config(
            post_office(mailbox, "secret"), log_level="error", lifespan="off", access_log=False
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve([taken]))
        try:
            yield Settings(
                smtp_host="127.0.0.1", smtp_port=mail_port, smtp_security="none",
                sms_url=f"http://127.0.0.1:{port}/sms", sms_token="secret",
            )  # fmt: skip
        finally:
            server.should_exit = True
            await serving


def test_par_de_vrais_serveurs_et_sans_rien_dire(database: str, data_dir: Path) -> None:
    async def story() -> None:
        mailbox = Mailbox()
        async with (
            mail_server(mailbox) as mail_port,
            telling(database, data_dir) as tale,
            _posting(mailbox, mail_port) as set_so,
        ):
            await _told(tale, kind=NoticeKind.EMERGENCY_ACCESS, by="Dr MARTIN", place="CHU")
            assert await _turn(tale, post_of(set_so)) == 2
            mail, sms = sorted(mailbox.letters(), key=lambda letter: letter.kind)
            assert (mail.to, sms.to) == ("camille@exemple.fr", "+33612345678")
            for letter in (mail, sms):
                said = letter.subject + letter.text
                assert "en urgence" in said
                person = person_of(PATIENT)
                assert person.ins.matricule not in said
                assert person.traits.birth_name.lower() not in said.lower()
                assert "MARTIN" not in said
                assert "CHU" not in said
            traces = await traces_of(tale.house, await tale.known())
            assert sorted(t.detail for t in traces if t.act == "send-notice") == [
                "mail: sent",
                "sms: sent",
            ]

    run(story())


def test_le_serveur_de_courrier_absent_fait_attendre(database: str, data_dir: Path) -> None:
    async def story() -> None:
        with closing(socket.socket()) as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        async with telling(database, data_dir) as tale:
            await _told(tale, replace(REACHED, notices_by_sms=False))
            absent = Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none")
            await _turn(tale, post_of(absent))
            mailbox = Mailbox()
            async with mail_server(mailbox) as mail_port:
                tale.later(minutes=1)
                there = replace(absent, smtp_port=mail_port)
                assert await _turn(tale, post_of(there)) == 1
                assert [letter.to for letter in mailbox.letters()] == ["camille@exemple.fr"]

    run(story())


def test_aucune_adresse_ne_repose_en_clair(database: str, data_dir: Path) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await _told(tale)
            await _turn(tale, Recorder())
            with psycopg.connect(database) as connection:
                rows = connection.execute("SELECT outbox::text FROM outbox").fetchall()
                traces = connection.execute("SELECT body FROM trace").fetchall()
            assert len(rows) == 2
            assert "exemple.fr" not in str(rows) + str(traces)

    run(story())


@pytest.mark.parametrize("address", ["a@b.fr\r\nBcc: x@y.fr", "a@b.fr\nX: 1"])
def test_une_adresse_ne_peut_rien_glisser_dans_l_en_tete(address: str) -> None:
    server = MailServer(
        host="", port=25, security="none", user="", password="", sender="a@dmp.test", service=""
    )
    message = Message(
        channel=Channel.MAIL,
        address=address,
        kind=NoticeKind.MAJORITY,
        message_id="1",
    )
    with pytest.raises(NotSent) as refusal:
        composed(server, message, NOW)
    assert refusal.value.for_good


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("+33 6.12.34.56.78", "+33612345678"),
        ("+32470123456", "+32470123456"),
        ("12", ""),
        ("06 12 34 56 7", ""),
        ("appelez-moi", ""),
    ],
)
def test_les_numeros_s_ecrivent_de_plusieurs_facons(written: str, number: str) -> None:
    assert international(written) == number


@pytest.mark.parametrize(
    "environment",
    [
        {"DMP_SMTP_SECURITY": "maybe"},
        {"DMP_SMTP_HOST": "mail.example.fr", "DMP_SMTP_SECURITY": "none"},
        {"DMP_SMS_URL": "http://sms.example.fr"},
    ],
)
def test_rien_ne_part_en_clair_hors_de_la_machine(environment: dict[str, str]) -> None:
    with pytest.raises(SettingInvalid):
        from_environment(environment)


def test_un_nouveau_document_se_dit_une_fois_par_jour_sans_dire_lequel(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            await tale.opened()
            tale.on(2026, 3, 12, 9)
            await tale.deposited("dr-martin", "Note 1")
            await tale.deposited("dr-martin", "Note 2")
            assert await tale.told(deposits=True) == [NoticeKind.NEW_DOCUMENT]
            tale.on(2026, 3, 13, 9)
            await tale.deposited("dr-martin", "Note 3")
            assert await tale.told(deposits=True) == [NoticeKind.NEW_DOCUMENT] * 2
            # The same document again is not new.
            again = await tale.deposited("dr-martin", "Note 3")
            assert again.version == 1
            assert await tale.told(deposits=True) == [NoticeKind.NEW_DOCUMENT] * 2

    run(story())


def test_ce_que_le_patient_ne_doit_pas_encore_voir_ne_se_dit_pas(
    database: str, data_dir: Path
) -> None:
    async def story() -> None:
        async with telling(database, data_dir) as tale:
            child, mother = "lea-moreau", "sandrine-moreau"
            await tale.opened(child, by="dr-martin")
            await tale.represented(mother, of=child)
            assert await _turn(tale, Recorder()) == 2  # that she is represented
            hidden = frozenset({Restriction.HIDDEN_FROM_PATIENT})
            await tale.deposited("dr-martin", "Attente", of=child, restrictions=hidden)
            assert await tale.told(child, of=child, deposits=True) == []
            secret = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
            await tale.deposited("dr-martin", "Secret", of=child, restrictions=secret)
            assert await tale.told(child, of=child, deposits=True) == [NoticeKind.NEW_DOCUMENT]
            by_mother = caller_of(mother, representing=True)
            assert await tale.told(by_mother, of=child, deposits=True) == []
            post = Recorder()
            assert await _turn(tale, post) == 0

    run(story())
