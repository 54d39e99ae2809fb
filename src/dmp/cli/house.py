"""The house as the command line opens it, and the operator who asks."""

from __future__ import annotations

import asyncio
import getpass
import os
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from dmp.acts.act import Act
from dmp.acts.perform import perform
from dmp.bootstrap.house import Built, built
from dmp.cli.run.demo_folder import is_demo
from dmp.domain.identity.caller import Caller, Door, Operator, Strength
from dmp.settings import Settings, from_environment

Result = TypeVar("Result")
RequestT = TypeVar("RequestT")
ResultT = TypeVar("ResultT")


def settings_now(data: Path | None = None) -> Settings:
    """The settings of this environment; beside a demo, its test identities are taken.

    `data` is the data folder that was named on the command line; None: that of the environment.

    Raises:
        SettingInvalid: a setting cannot be read.
    """
    settings = from_environment(os.environ)
    if data is not None:
        settings = replace(settings, data=data.expanduser().absolute())
    if "DMP_TEST_MODE" not in os.environ and is_demo(settings.data):
        return replace(settings, test_mode=True)
    return settings


def operator() -> Caller:
    """Whoever runs the command, as the traces will name him: by the name of the account."""
    try:
        account = getpass.getuser()
    except (KeyError, OSError):
        account = f"uid-{os.getuid()}"
    return Caller(
        who=Operator(id=account, name=account),
        strength=Strength.INDIVIDUAL,
        door=Door.CLI,
        means="shell",
        software="dmp",
    )


def with_house(settings: Settings, do: Callable[[Built], Awaitable[Result]]) -> Result:
    """Open the house, do one thing, close what was opened."""

    async def inside() -> Result:
        async with built(settings) as house:
            return await do(house)

    return run(inside())


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end. Ctrl-C and SIGTERM stop it once, and everything started is stopped."""

    async def stoppable() -> Result:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()

        def stop() -> None:
            # Once: a second Ctrl-C must not cut the closing short.
            for number in STOPS:
                loop.add_signal_handler(number, lambda: None)
            if task is not None:
                task.cancel()

        for number in STOPS:
            loop.add_signal_handler(number, stop)
        return await work

    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(stoppable())
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


STOPS = (signal.SIGINT, signal.SIGTERM)


def done_by_operator(
    settings: Settings, act: Act[RequestT, ResultT], request: RequestT, caller: Caller | None = None
) -> ResultT:
    """One act through the corridor, by the operator or by `caller`."""
    return with_house(
        settings, lambda house: perform(house.house, act, request, caller or operator())
    )
