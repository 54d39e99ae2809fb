"""The paper that a person takes home: what was done, by whom, her rights; her letter with a code below it.

It travels sealed in its address, for whoever made it alone.
"""

from __future__ import annotations

from datetime import datetime

import msgspec
from starlette.responses import Response

from dmp.entrypoints.web.desk.deeds import HEIRS, RECEIPTS, Deed, is_agent
from dmp.entrypoints.web.desk.letters import letter_values, taken_letter
from dmp.entrypoints.web.desk.opening import CONSENT_LABELS
from dmp.entrypoints.web.desk.persons import SeenPerson, is_minor, path_of
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit

_SEAL = "counter-receipt"


class CounterReceipt(msgspec.Struct, frozen=True, kw_only=True):
    """What the person takes home. `asked_by` is an heir or a representative, `path` leads to her pages."""

    deed: str
    name: str
    matricule: str
    at: datetime
    by: str
    path: str
    consent: str = ""
    asked_by: str = ""
    is_adult: bool = True
    is_unverified: bool = False


def receipt_address(visit: Visit, deed: Deed, person: SeenPerson, asked_by: str = "") -> str:
    """The address of the paper to print for what was done."""
    consent = CONSENT_LABELS.get(visit.form.text("accord"), "") if deed.needs_consent else ""
    receipt = CounterReceipt(
        deed=deed.code,
        name=person.traits.display,
        matricule=person.ins.matricule,
        at=visit.now,
        by=visit.who_name(),
        path=path_of(visit.part("person")),
        consent=consent,
        asked_by=asked_by,
        is_adult=not is_minor(visit, person),
        is_unverified=person.answer.value == "unavailable",
    )
    sealed = visit.seal(_SEAL, msgspec.json.encode(receipt).decode())
    return f"/guichet/recus/{sealed}"


async def receipt(visit: Visit) -> Response:
    """The receipt, to print and hand over; the letter with a code below it, once."""
    found = msgspec.json.decode(visit.unseal(_SEAL, visit.part("receipt")), type=CounterReceipt)
    deed = RECEIPTS[found.deed]
    opens = deed.code in ("ouvrir", "reactiver")
    letter = taken_letter(visit, found.path)
    return visit.render(
        "desk/receipt.html",
        "Reçu",
        receipt=found,
        deed=deed,
        is_of_heirs=deed is HEIRS,
        letter_path=f"{found.path}/code" if opens and found.is_adult and letter is None else "",
        representative_path=(
            f"{found.path}/representant" if opens and not found.is_adult and is_agent(visit) else ""
        ),
        sheet=letter_values(visit, letter, found.name),
    )


PAGES = (Page(path="/guichet/recus/{receipt}", view=receipt, authentication=Authentication.DESK),)
