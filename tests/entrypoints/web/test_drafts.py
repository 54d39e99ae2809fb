"""What was typed when a session ended: back in its form for its author, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import httpx

from dmp.entrypoints.web.drafts.refilling import refilled
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Browser, Site

TYPED = {"courriel": 'amina"<b>@exemple.test', "telephone": "06 12 34 56 78", "sms": "oui"}
IDLE = timedelta(minutes=20)


def sent_too_late(site: Site, browser: Browser, address: str) -> httpx.Response:
    """The form of an address filled in time, sent when the session is over."""
    fields = {**browser.form(address), **TYPED}
    with site.later(IDLE):
        headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
        return browser.http.post(address, data=fields, headers=headers)


def test_what_was_typed_is_back_after_the_login_and_was_not_done(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    address = someone.home + "/profil"
    led = sent_too_late(site, browser, address)
    assert led.url.path == "/connexion"
    assert "est gardé" in led.text
    page = browser.log_in(someone.key, address)
    assert page.url.path == address
    assert "Votre session s’était fermée" in page.text
    assert 'value="amina&quot;&lt;b&gt;@exemple.test"' in page.text
    assert "06 12 34 56 78" in page.text
    assert "exemple.test" not in browser.get(address).text


def test_a_file_is_not_kept_and_that_is_said_before_and_after_the_login(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    address = someone.home + "/documents/ajouter"
    fields = {**browser.form(address), "titre": "Radio du genou"}
    file = {"fichier": ("radio.pdf", someone.pdf("Radio"), "application/pdf")}
    with site.later(IDLE):
        headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
        led = browser.http.post(address, data=fields, files=file, headers=headers)
    assert "Un fichier sera à choisir de nouveau." in led.text
    page = browser.log_in(someone.key, address)
    assert 'value="Radio du genou"' in page.text
    assert "Le fichier, lui, n’a pas été gardé : choisissez-le de nouveau" in page.text


def test_nobody_else_who_logs_in_here_meets_what_was_typed(site: Site) -> None:
    mother, child = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(mother.key)
    sent_too_late(site, browser, mother.home + "/profil")
    browser.log_in(child.key)
    assert "exemple.test" not in browser.get(child.home + "/profil").text
    # It is gone, not only unseen.
    browser.log_in(mother.key)
    assert "exemple.test" not in browser.get(mother.home + "/profil").text


def test_a_form_without_the_token_of_the_session_is_not_kept(site: Site) -> None:
    someone = Someone(site).opens()
    browser = site.browser(someone.key)
    address = someone.home + "/profil"
    with site.later(IDLE):
        for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-origin"}):
            browser.http.post(address, data={**TYPED, "jeton": "x.y"}, headers=headers)
        assert "dmp-saisie" not in browser.http.cookies


def test_a_form_of_an_older_session_comes_back_to_the_same_person_on_the_same_record(
    site: Site,
) -> None:
    someone, other = Someone(site).opens(), Someone(site).opens()
    browser = site.browser(someone.key)
    address = someone.home + "/profil"
    fields = {**browser.form(address), **TYPED}
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    # Logged in again in another tab, which is another session.
    browser.log_in(someone.key)
    page = browser.http.post(address, data=fields, headers=headers)
    assert page.url.path == address and "06 12 34 56 78" in page.text
    assert "06 12 34 56 78" not in browser.get(address).text
    # Sent to the address of another record, or by somebody else, it is refused and kept for nobody.
    elsewhere = browser.http.post(other.home + "/profil", data=fields, headers=headers)
    assert elsewhere.status_code == 403
    browser.log_in(other.key)
    assert browser.http.post(address, data=fields, headers=headers).status_code == 403
    assert "dmp-saisie" not in browser.http.cookies


def test_a_locked_session_keeps_what_was_typed(site: Site) -> None:
    browser = site.browser("opticien")
    browser.post(
        "/pro/parametres/code", {"nouveau": "4826", "confirmation": "4826"}, page="/pro/parametres"
    )
    fields = {**browser.form("/pro/patients"), "nom": "Lemaître-Essai", "prenoms": "Zoé"}
    browser.post("/pro/verrouiller", page="/pro/parametres")
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    led = browser.http.post("/pro/patients", data=fields, headers=headers)
    assert led.url.path == "/pro/verrouille"
    assert "Lemaître" not in led.text
    page = browser.post("/pro/verrouille", {"code": "4826"})
    assert "Lemaître-Essai" in page.text
    browser.post("/pro/parametres/code", {"choix": "retirer"}, page="/pro/parametres")


PAGE = (
    '<!doctype html><body><form method="post" action="/autre"><input name="nom" value=""></form>'
    '<main id="contenu" tabindex="-1"><svg viewBox="0 0 1 1"><path d="M0"/></svg>'
    '<form method="post" action="/ici?a=b" enctype="multipart/form-data">'
    '<input type="hidden" name="cle" value="k">'
    '<input type="hidden" name="vu" value="new"><input id="nom" name="nom" type="text" value="avant" autofocus>'
    '<textarea name="note">vieux &amp; &lt;b&gt;</textarea><input type="radio" name="qui" value="a" checked>'
    '<input type="radio" name="qui" value="b"><input type="checkbox" name="oui" value="oui" checked>'
    '<select name="type"><option value="1" selected>un</option><option value="2">deux</option></select>'
    '<input type="file" name="fichier"></form><p>&eacute;&#233;</p></main></body>'
)


def test_only_the_fields_of_the_form_are_written_anew() -> None:
    fields = {
        "nom": ['"x'],
        "note": ["</textarea><script>"],
        "qui": ["b"],
        "type": ["2"],
        "vu": ["old"],
    }
    page = refilled(PAGE, "/ici", {**fields, "cle": ["stolen"]}, "Gardé <b>")
    assert page is not None
    assert page == (
        PAGE.replace(
            '<input type="hidden" name="vu" value="new">',
            '<input type="hidden" name="vu" value="old">',
        )
        .replace(
            '<input id="nom" name="nom" type="text" value="avant" autofocus>',
            '<input id="nom" name="nom" type="text" autofocus value="&quot;x">',
        )
        .replace("vieux &amp; &lt;b&gt;", "\n&lt;/textarea&gt;&lt;script&gt;")
        .replace(
            '<input type="radio" name="qui" value="a" checked>',
            '<input type="radio" name="qui" value="a">',
        )
        .replace(
            '<input type="radio" name="qui" value="b">',
            '<input type="radio" name="qui" value="b" checked>',
        )
        .replace('value="oui" checked', 'value="oui"')
        .replace('<option value="1" selected>', '<option value="1">')
        .replace('<option value="2">', '<option value="2" selected>')
        .replace(
            '<main id="contenu" tabindex="-1">',
            '<main id="contenu" tabindex="-1"><div class="width"><div class="message watch" role="status">'
            "<p>Gardé &lt;b&gt;</p></div></div>",
        )
    )
    assert refilled(PAGE, "/ailleurs", fields, "") is None
