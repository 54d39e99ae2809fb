"""Every page of the door, in the order in which addresses are tried; and the routes made of them."""

from __future__ import annotations

from dmp.acts.work import House
from dmp.entrypoints.web.desk import counter, heirs
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.doorstep import entrance
from dmp.entrypoints.web.holder import (
    choices,
    confidentiality,
    documents,
    entitlements,
    overview,
    own_record,
    person,
    profiles,
    relatives,
    see_as,
    sharing,
)
from dmp.entrypoints.web.login.sessions import SessionKeeper
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.page import Page
from dmp.entrypoints.web.professional import (
    agreeing,
    depositing,
    emergency,
    finding,
    inbox,
    minors,
    own_accesses,
)
from dmp.entrypoints.web.professional import documents as patient_documents
from dmp.entrypoints.web.professional import sharing as patient_sharing
from dmp.entrypoints.web.reimbursements import holder as own_reimbursements
from dmp.entrypoints.web.reimbursements import professional as patient_reimbursements
from dmp.entrypoints.web.searching import holder as own_search
from dmp.entrypoints.web.searching import professional as patient_search
from dmp.entrypoints.web.synthesis import holder as own_synthesis
from dmp.entrypoints.web.synthesis import professional as patient_synthesis
from dmp.entrypoints.web.synthesis import vsm

PAGES: tuple[Page, ...] = (
    *entrance.PAGES,
    *profiles.PAGES,
    *own_record.PAGES,
    *own_synthesis.PAGES,
    *own_reimbursements.PAGES,
    *overview.PAGES,
    *documents.PAGES,
    *own_search.PAGES,
    *confidentiality.PAGES,
    *see_as.PAGES,
    *entitlements.PAGES,
    *sharing.PAGES,
    *choices.PAGES,
    *relatives.PAGES,
    *person.PAGES,
    *finding.PAGES,
    *inbox.PAGES,
    *agreeing.PAGES,
    *emergency.PAGES,
    *minors.PAGES,
    *patient_sharing.PAGES,
    *own_accesses.PAGES,
    *patient_synthesis.PAGES,
    *vsm.PAGES,
    *patient_reimbursements.PAGES,
    *patient_documents.PAGES,
    *patient_search.PAGES,
    *depositing.PAGES,
    *heirs.PAGES,
    *counter.PAGES,
)
"""The table of contents of the web door."""


def web_door(house: House, keeper: SessionKeeper, options: WebOptions) -> Door:
    """The door of a house: its `routes()`, and `not_found` and `wrong_method` for the application."""
    return Door(house, keeper, options, PAGES)
