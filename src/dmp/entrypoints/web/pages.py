"""Every page of the door, in the order in which addresses are tried; and the routes made of them."""

from __future__ import annotations

from dmp.acts.work import House
from dmp.entrypoints.web.desk import counter
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.doorstep import entrance
from dmp.entrypoints.web.holder import confidentiality, documents, own_record, person, sharing
from dmp.entrypoints.web.login.sessions import SessionKeeper
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.page import Page
from dmp.entrypoints.web.professional import depositing, finding
from dmp.entrypoints.web.professional import documents as patient_documents

PAGES: tuple[Page, ...] = (
    *entrance.PAGES,
    *own_record.PAGES,
    *documents.PAGES,
    *confidentiality.PAGES,
    *sharing.PAGES,
    *person.PAGES,
    *finding.PAGES,
    *patient_documents.PAGES,
    *depositing.PAGES,
    *counter.PAGES,
)
"""The table of contents of the web door."""


def web_door(house: House, keeper: SessionKeeper, options: WebOptions) -> Door:
    """The door of a house: its `routes()`, and `not_found` and `wrong_method` for the application."""
    return Door(house, keeper, options, PAGES)
