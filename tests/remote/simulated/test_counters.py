"""The simulated teleservice and reader answer as the real ones do, and the code of an SMS goes nowhere else."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import date

import httpx
import pytest

from dmp.acts.counter.identity_services import CardUnreadable, IdentityServices
from dmp.acts.notices.send_notice import NotSent
from dmp.domain.identity.patient import Traits
from dmp.domain.identity.verification import Answer, InsAnswer, KnownIdentity
from dmp.remote.post.sms import SmsGateway, send_code
from dmp.remote.simulated.identity.cards import DAMAGED, SimulatedReader
from dmp.remote.simulated.identity.teleservice import (
    SEVERAL_FOR,
    SILENT_FOR,
    SimulatedTeleservice,
)
from dmp.remote.simulated.territory.cast import cast_people

PEOPLE = cast_people()
SERVICE = SimulatedTeleservice(KnownIdentity(ins=p.ins, traits=p.traits) for p in PEOPLE.values())
CONNECTED = IdentityServices(teleservice=SERVICE, reader=SimulatedReader(PEOPLE))
YVES = PEOPLE["yves-cordier"]


def asked(traits: Traits | None = None, **more: object) -> InsAnswer:
    """What the services say."""
    return asyncio.run(CONNECTED.asked(traits=traits, **more))  # type: ignore[arg-type]


def test_the_teleservice_knows_the_territory_and_tells_no_more_than_it_must() -> None:
    found = asked(YVES.traits)
    assert found.identity is not None and found.identity.ins == YVES.ins
    other = replace(YVES.traits, birth_date=date(1963, 5, 29))
    assert asked(other) == asked(other, ins=YVES.ins) == InsAnswer(answer=Answer.NOT_FOUND)
    without_place = replace(YVES.traits, birth_place="")
    assert asked(without_place).answer is Answer.NOT_FOUND
    assert asked(replace(YVES.traits, birth_name=SEVERAL_FOR)).answer is Answer.SEVERAL
    assert asked(replace(YVES.traits, birth_name=SILENT_FOR)).answer is Answer.UNAVAILABLE
    nothing = IdentityServices()
    assert asyncio.run(nothing.asked(traits=YVES.traits)).answer is Answer.UNAVAILABLE


def test_each_card_of_the_reader_leads_to_its_answer() -> None:
    reader = SimulatedReader(PEOPLE)
    answers = {}
    for card in asyncio.run(reader.cards()):
        if card.card_id == DAMAGED:
            with pytest.raises(CardUnreadable):
                asyncio.run(reader.read(card.card_id))
            continue
        read = asyncio.run(reader.read(card.card_id))
        answers[card.card_id] = asked(card=read).answer
    assert answers["yves-cordier"] is answers["hugo-moreau"] is Answer.FOUND
    assert answers["inconnue"] is Answer.NOT_FOUND and answers["panne"] is Answer.UNAVAILABLE


def test_a_code_leaves_in_one_text_and_in_no_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    sent: list[dict[str, str]] = []
    answers = [503, 422, 202]

    async def posted(_: object, url: str, *, json: dict[str, str], headers: object) -> object:
        sent.append(json)
        return httpx.Response(answers.pop(), request=httpx.Request("POST", url))

    monkeypatch.setattr(httpx.AsyncClient, "post", posted)
    gateway = SmsGateway(url="http://127.0.0.1/sms", token="t", service="https://dmp.test")
    with caplog.at_level(logging.DEBUG):
        asyncio.run(send_code(gateway, "0612345678", "ABCDEFGHJK"))
    assert sent[0]["to"] == "+33612345678" and "ABCDE-FGHJK" in sent[0]["text"]
    assert "https://dmp.test/connexion/code" in sent[0]["text"] and len(sent[0]["text"]) < 320
    assert "ABCDE" not in caplog.text and "612345678" not in caplog.text
    for for_good in (True, False):
        with pytest.raises(NotSent) as failure:
            asyncio.run(send_code(gateway, "0612345678", "ABCDEFGHJK"))
        assert failure.value.for_good is for_good
    with pytest.raises(NotSent):
        asyncio.run(send_code(gateway, "12", "ABCDEFGHJK"))
