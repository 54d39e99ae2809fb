"""The body of a delivery as text."""

from __future__ import annotations

import json
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from dmp.domain.claims.deliveries import Counts, Delivery, DeliveryState


def body_of(delivery: Delivery) -> str:
    """How far it is, what it held and what became of it, as JSON."""
    return json.dumps(
        {
            "content": delivery.content,
            "octets": delivery.octets,
            "next": delivery.next_row,
            "ahead": delivery.ahead,
            "layout": delivery.layout,
            "counts": asdict(delivery.counts),
            "summary": dict(delivery.summary),
        },
        ensure_ascii=False,
    )


def delivery_of(row: tuple[Any, ...]) -> Delivery:
    """A delivery from its row: digest, state, began_at, ended_at, body."""
    digest, state, began_at, ended_at, body = row
    kept = json.loads(body)
    return Delivery(
        digest=digest,
        state=DeliveryState(state),
        began_at=began_at,
        ended_at=ended_at,
        content=kept["content"],
        octets=kept["octets"],
        next_row=kept["next"],
        ahead=tuple((begin, behind) for begin, behind in kept.get("ahead", ())),
        layout=kept.get("layout", 1),
        counts=Counts(**kept["counts"]),
        summary=MappingProxyType(kept["summary"]),
    )
