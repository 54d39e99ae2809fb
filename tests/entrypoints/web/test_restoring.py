"""A deletion of one's own comes back for thirty days, for whoever deleted it and for nobody else."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.documents.restore_document import (
    Deleted,
    ListDeletions,
    RestoreDocument,
    list_deletions,
    restore_document,
)
from dmp.acts.documents.update_metadata import Change, UpdateMetadata, update_metadata
from dmp.acts.sharing.set_preferences import SetPreferences, set_preferences
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.preferences import EmergencySwitches
from tests.builders import a_caller
from tests.entrypoints.web.people import DOCTOR, Someone, lea
from tests.entrypoints.web.site import Browser, Site
from tests.entrypoints.web.test_acting import a_carer
from tests.entrypoints.web.test_adding import added

DELETE = {"choix": "supprimer", "confirmation": "oui"}


def removed(browser: Browser, home: str) -> str:
    """The address of a document that was added and deleted."""
    path = added(browser, home).url.path
    told = browser.post(path + "/supprimer", DELETE)
    assert "Vous pouvez le rétablir pendant trente jours" in told.text
    assert browser.get(path).status_code == 404
    return str(path)


def document_of(path: str) -> str:
    return path.rsplit("/", 1)[1]


def restore(browser: Browser, home: str, document: str) -> int:
    """The status of a form that nobody was shown."""
    path, page = home + "/documents/supprimes", home + "/documents/ajouter"
    return browser.post(path, {"document": document}, page=page).status_code


def deletions(site: Site, someone: Someone) -> tuple[Deleted, ...]:
    request = ListDeletions(record_id=someone.record.record_id)  # type: ignore[union-attr]
    return site.do(list_deletions, request, someone.caller)


def test_it_comes_back_as_it_was(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = removed(browser, someone.home)
    bin_ = someone.home + "/documents/supprimes"
    assert "Rétablir" in browser.get(bin_).text
    back = browser.post(bin_, {"document": document_of(path)})
    assert back.url.path == path and "Document rétabli" in back.text
    assert "Aucun document à rétablir" in browser.get(bin_).text
    assert path in browser.get(someone.home + "/documents").text
    again = browser.post(path + "/supprimer", DELETE)
    assert "Document supprimé" in again.text
    assert len(deletions(site, someone)) == 1, "deleted again, it can come back again"


def test_after_thirty_days_it_does_not(site: Site) -> None:
    someone = Someone(site).opens()
    path = removed(site.browser(someone.key), someone.home)
    request = RestoreDocument(
        record_id=someone.record.record_id,  # type: ignore[union-attr]
        document=UUID(document_of(path)),
    )
    with site.later(timedelta(days=29, hours=23)):
        assert len(deletions(site, someone)) == 1
    with site.later(timedelta(days=30)):
        assert deletions(site, someone) == ()
        with pytest.raises(Refused) as refused:
            site.do(restore_document, request, someone.caller)
    assert refused.value.reason is Reason.DOCUMENT_NOT_FOUND


def test_nobody_else_sees_it_or_brings_it_back(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    path = removed(site.browser(child.key), child.home)
    theirs = site.browser(parent.key)
    bin_ = child.home + "/documents/supprimes"
    assert "Aucun document à rétablir" in theirs.get(bin_).text
    assert restore(theirs, child.home, document_of(path)) == 404
    stranger = site.browser(Someone(site).opens().key)
    assert stranger.get(bin_).status_code in (403, 404)
    assert child.record is not None
    request = RestoreDocument(record_id=child.record.record_id, document=UUID(document_of(path)))
    with pytest.raises(Refused):
        site.do(restore_document, request, a_caller(DOCTOR))
    assert path not in site.browser(child.key).get(child.home + "/documents").text


def test_a_document_of_another_record_does_not_come_back_here(site: Site) -> None:
    parent = Someone(site).opens()
    one, other = lea(site, parent), lea(site, parent)
    browser = site.browser(parent.key)
    path = removed(browser, one.home)
    assert restore(browser, other.home, document_of(path)) == 404
    assert restore(browser, other.home, "rien") == 404


def test_what_a_professional_deleted_stays_deleted(site: Site) -> None:
    someone = Someone(site).opens().agrees()
    entry = someone.receives("Erreur")
    request = UpdateMetadata(document=entry.document_id, changes=(Change.DELETE,))
    site.do(update_metadata, request, a_caller(DOCTOR))
    assert deletions(site, someone) == ()
    browser = site.browser(someone.key)
    assert restore(browser, someone.home, str(entry.document_id)) == 404


def test_it_comes_back_masked_where_new_ones_are_masked_now(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    path = removed(browser, someone.home)
    assert someone.record is not None
    choice = SetPreferences(
        record_id=someone.record.record_id, mask_new_documents=True, emergency=EmergencySwitches()
    )
    site.do(set_preferences, choice, someone.caller)
    browser.post(someone.home + "/documents/supprimes", {"document": document_of(path)})
    found = site.do(find_documents, FindDocuments(of=someone.ins), someone.caller)
    assert [entry.visibility.masked for entry in found.entries] == [True]


def test_a_carer_brings_back_what_he_deleted_himself(site: Site) -> None:
    helped = Someone(site).opens()
    _, carer = a_carer(site, helped, "gerer")
    path = removed(carer, helped.home)
    assert deletions(site, helped) == ()
    back = carer.post(helped.home + "/documents/supprimes", {"document": document_of(path)})
    assert "Document rétabli" in back.text
    other = Someone(site).opens()
    _, sees = a_carer(site, other, "voir")
    assert sees.get(other.home + "/documents").text.count("/documents/supprimes") == 0
