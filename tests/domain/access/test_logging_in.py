"""Who may ask what has to do with logging in: named, everybody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dmp.domain.access.actions import MAY_ASK, Action
from dmp.domain.errors import Reason
from dmp.domain.identity.caller import (
    Coordinator,
    DeskAgent,
    Holder,
    Professional,
    Secretary,
    SystemJob,
)
from dmp.domain.record.health_record import State
from tests.domain.access.everybody import EVERYBODY, RECORD, asked

AT_WORK = {Professional, Coordinator, Secretary}


@pytest.mark.parametrize(
    ("action", "who"),
    [
        (Action.KEEP_PASSKEYS, {Holder}),
        (Action.LOG_IN, {SystemJob}),
        (Action.NOTE_LOGIN, AT_WORK | {Holder, DeskAgent}),
        (Action.UNLOCK, AT_WORK),
        (Action.ACCEPT_CALL, AT_WORK - {Secretary}),
    ],
)
def test_who_may_ask(action: Action, who: set[type]) -> None:
    assert {kind for kind, actions in MAY_ASK.items() if action in actions} == who


@pytest.mark.parametrize("state", [State.OPEN, State.CLOSED, State.SUSPENDED])
def test_a_holder_keeps_her_own_keys_whatever_the_state_of_the_record(state: State) -> None:
    record = replace(RECORD, state=state)
    assert asked(EVERYBODY["holder"], Action.KEEP_PASSKEYS, of=record).permitted


def test_nobody_else_reaches_the_keys_of_a_record() -> None:
    may = {
        name
        for name, caller in EVERYBODY.items()
        if asked(caller, Action.KEEP_PASSKEYS, of=RECORD).permitted
    }
    assert may == {"holder"}


def test_the_keys_of_a_destroyed_record_are_no_more() -> None:
    record = replace(RECORD, state=State.DESTROYED)
    refused = asked(EVERYBODY["holder"], Action.KEEP_PASSKEYS, of=record)
    assert refused.reason is Reason.RECORD_NOT_FOUND
