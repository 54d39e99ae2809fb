"""Reads of one unit that do not wait for one another."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar, overload

FirstT = TypeVar("FirstT")
SecondT = TypeVar("SecondT")
ThirdT = TypeVar("ThirdT")


@overload
async def together(
    first: Awaitable[FirstT], second: Awaitable[SecondT], /
) -> tuple[FirstT, SecondT]: ...
@overload
async def together(
    first: Awaitable[FirstT], second: Awaitable[SecondT], third: Awaitable[ThirdT], /
) -> tuple[FirstT, SecondT, ThirdT]: ...
async def together(*reads: Awaitable[object]) -> tuple[object, ...]:
    """What each of them returns, in their order. The next is asked of the database while what came for the one
    before it is worked at.

    All of them end, whatever becomes of one: the unit must not be given up with a read under way.

    Raises:
        Exception: what the first of them raised that failed.
    """
    ended = await asyncio.gather(*reads, return_exceptions=True)
    for one in ended:
        if isinstance(one, BaseException):
            raise one
    return tuple(ended)
