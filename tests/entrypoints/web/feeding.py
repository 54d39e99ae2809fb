"""What the health insurance feeds on the test site, with its document."""

from __future__ import annotations

from datetime import date, timedelta

from dmp.acts.claims.insurer import PUBLISHER
from dmp.acts.claims.publish_reimbursements import PublishReimbursements, publish_reimbursements
from dmp.domain.claims.reimbursement import Reimbursement
from dmp.domain.documents.entry import DocumentEntry
from tests.acts.fed import fed, listed
from tests.builders.claims import NAMES
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site


def fed_with(site: Site, someone: Someone, *lines: Reimbursement) -> DocumentEntry:
    """The insurer fed these lines, and their document is made."""
    assert someone.record is not None
    record_id = someone.record.record_id
    site.call(listed, site.store, NAMES)
    site.call(fed, site.store, record_id, lines, site.house.now())
    request = PublishReimbursements(record_id=record_id, changed_at=site.house.now())
    entry = site.do(publish_reimbursements, request, PUBLISHER)
    assert entry is not None
    return entry


def ago(site: Site, days: int) -> date:
    """The day so many days back."""
    return (site.house.now() - timedelta(days=days)).date()
