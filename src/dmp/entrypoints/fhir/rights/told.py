"""`$dmp-traces` and `$dmp-notifications`: who came, and what was told of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.read_notices import ReadInbox, ReadNotices, read_inbox, read_notices
from dmp.acts.person.read_traces import ReadTraces, read_own_traces, read_traces
from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.fhir.addresses import record_in_path
from dmp.entrypoints.fhir.bodies import query_parameters
from dmp.entrypoints.fhir.door import Exchange, answer
from dmp.formats.fhir.rights.audit_event import write_traces
from dmp.formats.fhir.rights.notices import write_notices
from dmp.formats.fhir.search.paging import PAGE, Parameters, address

OWN: Final = "mes-actions"
COUNT: Final = "_count"
MOST: Final = 500
USUAL: Final = 50
_PASSED_OVER: Final = ("_format", "_pretty")


async def traces(exchange: Exchange) -> Response:
    """`GET Patient/[id]/$dmp-traces`: a page of traces; `mes-actions=true` for one's own actions alone."""
    record_id = record_in_path(exchange.request)
    parameters = query_parameters(exchange.request)
    asked = _read(parameters, (COUNT, PAGE, OWN))
    act = read_own_traces if _own(asked.get(OWN)) else read_traces
    request = ReadTraces(
        record_id=record_id, limit=_count(asked.get(COUNT)), after=_after(asked.get(PAGE))
    )
    page = await exchange.perform(act, request)
    own = f"{exchange.door.base_url}Patient/{record_id}/$dmp-traces"
    links = [("self", address(own, parameters))]
    if page.next is not None:
        first = [pair for pair in parameters if pair[0] != PAGE]
        links.append(("next", address(own, (*first, (PAGE, str(page.next))))))
    return answer(write_traces(page.traces, exchange.door.base_url, links))


async def notices(exchange: Exchange) -> Response:
    """`GET Patient/[id]/$dmp-notifications`: those of a record, to its holder and who acts for him."""
    record_id = record_in_path(exchange.request)
    parameters = query_parameters(exchange.request)
    limit = _count(_read(parameters, (COUNT,)).get(COUNT))
    found = await exchange.perform(read_notices, ReadNotices(record_id=record_id, limit=limit))
    own = f"{exchange.door.base_url}Patient/{record_id}/$dmp-notifications"
    return answer(write_notices(found, address(own, parameters)))


async def inbox(exchange: Exchange) -> Response:
    """`GET $dmp-notifications`: those addressed to the caller himself."""
    parameters = query_parameters(exchange.request)
    limit = _count(_read(parameters, (COUNT,)).get(COUNT))
    found = await exchange.perform(read_inbox, ReadInbox(limit=limit))
    own = f"{exchange.door.base_url}$dmp-notifications"
    return answer(write_notices(found, address(own, parameters)))


def _read(parameters: Parameters, known: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in parameters:
        if name in _PASSED_OVER:
            continue
        if name not in known:
            raise Refused(Reason.PARAMETER_UNKNOWN, parameter=name[:60])
        if name in found:
            raise Refused(Reason.PARAMETER_INVALID, parameter=name, detail="it stands twice")
        found[name] = value
    return found


def _own(value: str | None) -> bool:
    if value not in (None, "true", "false"):
        raise Refused(Reason.PARAMETER_INVALID, parameter=OWN, detail="true or false")
    return value == "true"


def _count(value: str | None) -> int:
    if value is None:
        return USUAL
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value[:9]) <= MOST:
        raise Refused(Reason.PARAMETER_INVALID, parameter=COUNT, detail=f"from 1 to {MOST}")
    return int(value)


def _after(value: str | None) -> UUID | None:
    if value is None:
        return None
    try:
        if len(value) != 36:
            raise ValueError
        return UUID(value)
    except ValueError:
        raise Refused(
            Reason.PARAMETER_INVALID, parameter=PAGE, detail="not a page of this list, search again"
        ) from None
