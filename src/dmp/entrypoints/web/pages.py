"""Every page of the door, in the order in which addresses are tried; and the routes made of them."""

from __future__ import annotations

from dmp.acts.work import House
from dmp.entrypoints.web.adding import adding, removing
from dmp.entrypoints.web.arranging import folders, selection
from dmp.entrypoints.web.briefly import bearing, giving
from dmp.entrypoints.web.card import holding, scanning
from dmp.entrypoints.web.copying import taking
from dmp.entrypoints.web.correcting import holder as own_corrections
from dmp.entrypoints.web.correcting import professional as owed_corrections
from dmp.entrypoints.web.declaring import contents as declared_contents
from dmp.entrypoints.web.declaring import measures as declared_measures
from dmp.entrypoints.web.declaring import professional as patient_declared
from dmp.entrypoints.web.declaring import section as declared_sections
from dmp.entrypoints.web.declaring import vaccinations, wishes
from dmp.entrypoints.web.desk import counter, day, heirs, letter
from dmp.entrypoints.web.device import account, calling, entering, installing, locking
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.doorstep import about, display, entrance
from dmp.entrypoints.web.doorstep.help import desk as help_desk
from dmp.entrypoints.web.holder import (
    choices,
    confidentiality,
    contact,
    documents,
    entitlements,
    overview,
    own_record,
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
from dmp.entrypoints.web.professional.choosing import by_traits, recents
from dmp.entrypoints.web.professional.writing import note, replacing
from dmp.entrypoints.web.reimbursements import holder as own_reimbursements
from dmp.entrypoints.web.reimbursements import professional as patient_reimbursements
from dmp.entrypoints.web.searching import holder as own_search
from dmp.entrypoints.web.searching import professional as patient_search
from dmp.entrypoints.web.synthesis import hiding, vsm
from dmp.entrypoints.web.synthesis import holder as own_synthesis
from dmp.entrypoints.web.synthesis import professional as patient_synthesis
from dmp.entrypoints.web.transparency import exporting, reporting, told

PAGES: tuple[Page, ...] = (
    *entrance.PAGES,
    *entering.PAGES,
    *installing.PAGES,
    *display.PAGES,
    *help_desk.PAGES,
    *about.PAGES,
    *profiles.PAGES,
    *account.PAGES,
    *own_record.PAGES,
    *own_synthesis.PAGES,
    *own_reimbursements.PAGES,
    *overview.PAGES,
    *adding.PAGES,
    *selection.PAGES,
    *documents.PAGES,
    *removing.PAGES,
    *folders.PAGES,
    *own_corrections.PAGES,
    *owed_corrections.PAGES,
    *own_search.PAGES,
    *confidentiality.PAGES,
    *see_as.PAGES,
    *entitlements.PAGES,
    *sharing.PAGES,
    *choices.PAGES,
    *relatives.PAGES,
    *told.PAGES,
    *contact.PAGES,
    *declared_contents.PAGES,
    *declared_measures.PAGES,
    *declared_sections.PAGES,
    *vaccinations.PAGES,
    *wishes.PAGES,
    *exporting.PAGES,
    *reporting.PAGES,
    *giving.PAGES,
    *bearing.PAGES,
    *holding.PAGES,
    *taking.PAGES,
    *scanning.PAGES,
    *finding.PAGES,
    *locking.PAGES,
    *calling.PAGES,
    *recents.PAGES,
    *by_traits.PAGES,
    *inbox.PAGES,
    *agreeing.PAGES,
    *emergency.PAGES,
    *minors.PAGES,
    *patient_sharing.PAGES,
    *own_accesses.PAGES,
    *patient_synthesis.PAGES,
    *hiding.PAGES,
    *vsm.PAGES,
    *patient_reimbursements.PAGES,
    *patient_declared.PAGES,
    *note.PAGES,
    *replacing.PAGES,
    *patient_documents.PAGES,
    *patient_search.PAGES,
    *depositing.PAGES,
    *day.PAGES,
    *letter.PAGES,
    *heirs.PAGES,
    *counter.PAGES,
)
"""The table of contents of the web door."""


def web_door(house: House, keeper: SessionKeeper, options: WebOptions) -> Door:
    """The door of a house: its `routes()`, and `not_found` and `wrong_method` for the application."""
    return Door(house, keeper, options, PAGES)
