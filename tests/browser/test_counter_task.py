"""The ninth task: a record is opened at a counter by keyboard and card, its code handed over, paid for once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Entered
from tests.browser.hand import Hand
from tests.browser.printing import sheets
from tests.browser.stops import session_of
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

pytestmark = pytest.mark.browser

LAPTOP = {"width": 1366, "height": 768}


def test_t9_a_pharmacist_opens_a_record_by_keyboard(entered: Entered, site: Site) -> None:
    someone = Someone(site, birth_name="Neuvier")
    site.counter.knows(someone.ins, someone.traits)
    site.counter.lays("neuvier", someone.ins, someone.traits)
    pharmacist = site.browser("pharmacienne")
    context = entered(session_of(pharmacist), viewport=LAPTOP)
    page = context.new_page()
    page.goto("/guichet/identite")
    hand = Hand(page)
    hand.skip()
    hand.tab_to("Matricule INS")
    key = int(someone.ins.matricule[13:])
    hand.type(f"{someone.ins.matricule[:13]}{(key % 97) + 1:02d}")
    hand.press("Enter")
    flagged = page.locator(".field.wrong", has=page.get_by_label("Matricule INS"))
    expect(flagged.locator("#ins-erreur")).to_contain_text(f"{key:02d}")
    expect(page.get_by_label("Matricule INS")).to_have_attribute("aria-invalid", "true")
    counted = _counted(pharmacist)
    page.goto("/guichet")
    hand = Hand(page)
    hand.skip()
    hand.tab_to("Carte dans le lecteur")
    hand.press("End")
    hand.tab_to_link("Lire la carte")
    hand.press("Enter")
    page.wait_for_url(re.compile("/guichet/identite"))
    hand.skip()
    hand.tab_to("Carte nationale d’identité")
    hand.press("Space")
    hand.press("Enter")
    page.wait_for_url(re.compile("/guichet/personnes/"))
    hand.skip()
    hand.tab_to("J’ai donné ces informations")
    hand.press("Space")
    hand.tab_to("Accord donné de vive voix")
    hand.press("Space")
    form = "document.activeElement.form"
    sent = page.evaluate(f"[{form}.action, Object.fromEntries(new FormData({form}))]")
    hand.press("Enter")
    page.wait_for_url(re.compile("/recus/"))
    assert hand.loads <= 4
    hand.think()
    assert hand.keeps_within(90)
    expect(page.get_by_role("heading", name="Votre code", exact=True)).to_be_visible()
    assert sheets(page) == 2  # the receipt, and the letter on its own
    # Sent again: the same receipt, one record, one payment.
    origin = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    again = context.request.post(sent[0], form=sent[1], headers=origin)
    assert again.url == page.url
    assert _counted(pharmacist) == counted + 1
    holder = site.browser(someone.key)
    assert holder.get("/espace").text.count("a ouvert votre dossier") == 1


def _counted(pharmacist: Browser) -> int:
    """The openings that the pharmacy is paid for this month."""
    text = pharmacist.get("/guichet/releve").text
    found = re.search(r"(\d+) ouvertures? à [^:]+: (\d+),", text)
    if found is None:
        assert "0 ouverture ce mois" in text
        return 0
    assert found[1] == found[2], "one euro for each"
    return int(found[1])
