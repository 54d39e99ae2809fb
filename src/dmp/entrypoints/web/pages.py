"""Every page of the door, in the order in which addresses are tried; and the routes made of them."""

from __future__ import annotations

from dmp.acts.work import House
from dmp.entrypoints.web.activation import first_visit
from dmp.entrypoints.web.adding import adding, removing, restoring
from dmp.entrypoints.web.arranging import folders, selection
from dmp.entrypoints.web.briefly import bearing, giving
from dmp.entrypoints.web.card import holding, scanning
from dmp.entrypoints.web.chart import chronology, imaging, laboratory
from dmp.entrypoints.web.chart import lists as chart_lists
from dmp.entrypoints.web.chart import wishes as patient_wishes
from dmp.entrypoints.web.copying import taking
from dmp.entrypoints.web.correcting import holder as own_corrections
from dmp.entrypoints.web.correcting import professional as owed_corrections
from dmp.entrypoints.web.declaring import contents as declared_contents
from dmp.entrypoints.web.declaring import measures as declared_measures
from dmp.entrypoints.web.declaring import professional as patient_declared
from dmp.entrypoints.web.declaring import section as declared_sections
from dmp.entrypoints.web.declaring import vaccinations, wishes
from dmp.entrypoints.web.desk import (
    counter,
    day,
    heirs,
    identity,
    letters,
    receipts,
    representing,
    statement,
    telling,
)
from dmp.entrypoints.web.device import account, calling, entering, installing, locking, reading
from dmp.entrypoints.web.door import Door
from dmp.entrypoints.web.doorstep import about, display, entrance
from dmp.entrypoints.web.doorstep.help import desk as help_desk
from dmp.entrypoints.web.history import holder as own_history
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
from dmp.entrypoints.web.measuring import growth, importing
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.page import Page
from dmp.entrypoints.web.prevention import offering
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
from dmp.entrypoints.web.professional.choosing import accesses, by_traits, recents
from dmp.entrypoints.web.professional.shelf import browsing, copying
from dmp.entrypoints.web.professional.writing import note, replacing
from dmp.entrypoints.web.reimbursements import holder as own_reimbursements
from dmp.entrypoints.web.reimbursements import professional as patient_reimbursements
from dmp.entrypoints.web.results import holder as own_results
from dmp.entrypoints.web.searching import holder as own_search
from dmp.entrypoints.web.searching import professional as patient_search
from dmp.entrypoints.web.synthesis import hiding, vsm
from dmp.entrypoints.web.synthesis import holder as own_synthesis
from dmp.entrypoints.web.synthesis import professional as patient_synthesis
from dmp.entrypoints.web.transparency import exporting, notified, reporting, told

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
    *first_visit.PAGES,
    *own_synthesis.PAGES,
    *own_results.PAGES,
    *own_reimbursements.PAGES,
    *offering.PAGES,
    *own_history.PAGES,
    *overview.PAGES,
    *adding.PAGES,
    *selection.PAGES,
    *restoring.PAGES,
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
    *notified.PAGES,
    *contact.PAGES,
    *declared_contents.PAGES,
    *importing.PAGES,
    *growth.PAGES,
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
    *reading.PAGES,
    *calling.PAGES,
    *recents.PAGES,
    *accesses.PAGES,
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
    *chronology.PAGES,
    *laboratory.PAGES,
    *imaging.PAGES,
    *chart_lists.PAGES,
    *patient_wishes.PAGES,
    *note.PAGES,
    *replacing.PAGES,
    *browsing.PAGES,
    *copying.PAGES,
    *patient_documents.PAGES,
    *patient_search.PAGES,
    *depositing.PAGES,
    *day.PAGES,
    *identity.PAGES,
    *statement.PAGES,
    *telling.PAGES,
    *letters.PAGES,
    *heirs.PAGES,
    *representing.PAGES,
    *counter.PAGES,
    *receipts.PAGES,
)
"""The table of contents of the web door."""


def web_door(house: House, keeper: SessionKeeper, options: WebOptions) -> Door:
    """The door of a house: its `routes()`, and `not_found` and `wrong_method` for the application."""
    return Door(house, keeper, options, PAGES)
