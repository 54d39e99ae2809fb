"""Documents put together by episode: a stay, a consultation; within the reader's own scope."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.visibility import Restriction
from dmp.entrypoints.web.record.episodes import grouped
from tests.entrypoints.web.people import Someone, lea
from tests.entrypoints.web.site import Site
from tests.entrypoints.web.test_arranging import OTHER, titles


def three(site: Site) -> tuple[Someone, list[DocumentEntry]]:
    """Two documents of one place and day, one of elsewhere."""
    someone = Someone(site).opens()
    entries = [
        someone.receives("Note", days_ago=10),
        someone.receives("Ordonnance", type_code="57833-6", days_ago=10),
        someone.receives("Ailleurs", by=OTHER, days_ago=10),
    ]
    return someone, entries


def test_a_place_and_a_day_are_one_act_and_a_stay_takes_its_days(site: Site) -> None:
    _, entries = three(site)
    groups = grouped(entries)
    assert sorted(len(group.entries) for group in groups) == [1, 2]
    first = entries[0].service_start
    stay = replace(entries[0], service_stop=first + timedelta(days=5))
    during = replace(entries[1], service_start=first + timedelta(days=3))
    after = replace(
        entries[1], service_start=first + timedelta(days=9), document_id=entries[2].document_id
    )
    found = grouped([stay, replace(during, submission_id=entries[1].submission_id)])
    assert len(found) == 1 and found[0].is_stay
    assert grouped([]) == ()
    assert len(grouped([stay, after])) == 2


def test_the_list_is_grouped_by_its_address_and_keeps_its_filters(site: Site) -> None:
    someone, _ = three(site)
    browser = site.browser(someone.key)
    path = someone.home + "/documents"
    plain = browser.get(path).text
    assert "Épisode de soins ·" not in plain and path + "?regrouper=episode" in plain
    page = browser.get(path + "?regrouper=episode").text
    assert page.count("Épisode de soins ·") == 1
    assert sorted(titles(page)) == ["Ailleurs", "Note", "Ordonnance"]
    assert re.search(r">\s*3 documents\s*<", page)
    assert 'name="regrouper" value="episode"' in page, "the form of filters keeps it"
    chip = re.findall(r'href="([^"]+categorie=[^"]+)"', page)[0]
    assert "regrouper=episode" in chip
    assert browser.get(path + "?regrouper=autre").status_code == 400
    none = browser.get(path + "?regrouper=episode&du=2199-01-01").text
    assert "Aucun document ne correspond" in none


def test_a_document_that_parents_may_not_know_is_in_no_group_of_theirs(site: Site) -> None:
    parent = Someone(site).opens()
    child = lea(site, parent)
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    child.receives("Secret", restrictions=hidden, days_ago=1)
    theirs = site.browser(parent.key).get(child.home + "/documents?regrouper=episode").text
    assert "Secret" not in theirs and "Épisode de soins ·" not in theirs
    hers = site.browser(child.key).get(child.home + "/documents?regrouper=episode").text
    assert "Épisode de soins ·" in hers
