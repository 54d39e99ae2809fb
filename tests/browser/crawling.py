"""Stops that are found by following links, so that a page is looked at because it can be reached.

Each part prepares people whose records hold something of everything, then walks from their first page. Of
each address in the table of pages one page is kept.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from html import unescape

from starlette.routing import Match, Route

from dmp.entrypoints.web.pages import PAGES
from tests.browser.stops import Stop, browser_of, counter, reference, session_of
from tests.builders.claims import a_line
from tests.entrypoints.web.feeding import ago, fed_with
from tests.entrypoints.web.people import DOCTOR, Someone, camille
from tests.entrypoints.web.site import Browser, Site

NO_PAGE = re.compile(
    r"/(aller|retour|original|pages/\{page\}|pieces/\{number\}|lecture|archive|tableau|contenu)$"
    r"|\.(txt|csv|zip|webmanifest|js|png)$|^/(session|espace)$|^/pro/avis/|corrections/\{correction\}/document$|/activation$"
    r"|^/pro/patients/\{patient\}/resultats$"
)
"""Addresses that answer with a file, another address or nothing: their own tests look at them."""

MOST_LOOKED_AT = 400
_ROUTES = [(page.path, Route(page.path, lambda _: None)) for page in PAGES if page.method == "GET"]
_LINK = re.compile(r'<a[^>]* href="(/[^"#]*)')
_READING = "/partage/lecture"


def pattern_of(path: str) -> str:
    """The address in the table of pages that answers a path; empty when none does."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": []}
    found = (pattern for pattern, route in _ROUTES if route.matches(scope)[0] is Match.FULL)
    return next(found, "")


def is_page(pattern: str) -> bool:
    """Whether an address of the table answers with a page."""
    return bool(pattern) and (not NO_PAGE.search(pattern) or pattern == _READING)


def walked(site: Site, who: str, starts: list[str], within: str) -> list[Stop]:
    """One stop for each address that links lead to, from these pages on, among those that begin so."""
    browser = browser_of(site, who)
    found: dict[str, Stop] = {}
    waiting, seen = deque(starts), set(starts)
    while waiting and len(seen) < MOST_LOOKED_AT:
        path = waiting.popleft()
        pattern = pattern_of(path.partition("?")[0])
        if not is_page(pattern) or pattern in found or not path.startswith(within):
            continue
        answer = browser.get(path)
        kind = answer.headers.get("content-type", "")
        if pattern_of(answer.url.path) != pattern or answer.status_code >= 400:
            continue
        assert kind.startswith("text/html"), f"{pattern} answers {kind}: name it in NO_PAGE"
        found[pattern] = Stop(_name(who, pattern), who, path)
        links = [unescape(link) for link in _LINK.findall(answer.text)]
        fresh = [link for link in dict.fromkeys(links) if link not in seen]
        seen.update(fresh)
        waiting.extend(fresh)
    return list(found.values())


def _name(who: str, pattern: str) -> str:
    words = re.sub(r"[^\w]+", "-", pattern).strip("-").replace("_", "-")
    return f"suivi-{who.partition(':')[0].partition('-')[0]}-{words or 'accueil'}"


def of_holder(site: Site) -> list[Stop]:
    """Every page of a holder who has used everything."""
    someone = camille(site)
    home, browser = someone.home, site.browser(someone.key)
    fed_with(site, someone, a_line(start=ago(site, 30)))
    listed = browser.get(home + "/documents").text
    document = re.findall(r'class="title" href="([^"]+)"', listed)[0]
    added = {"type": "DOCPAT02", "titre": "À moi", "date": "2026-03-02", "visibilite": "visible"}
    files = {"fichier": ("a.pdf", someone.pdf("À moi"), "application/pdf")}
    browser.post(home + "/documents/ajouter", added, files=files)
    browser.post(document + "/ranger", {"dossier": "", "nom": "Genou"})
    browser.post(document + "/epingle", {"choix": "epingler"}, page=document)
    browser.post(document + "/corriger", {"texte": "Je n’ai jamais pris ce médicament."})
    for section, fields in _DECLARED.items():
        browser.post(f"{home}/profil-medical/{section}/ajouter", fields)
    for kind, fields in _MEASURED.items():
        browser.post(f"{home}/profil-medical/mesures/{kind}/ajouter", fields)
    browser.post(home + "/carte-urgence/preparer", page=home + "/carte-urgence")
    lent = {"pour": "Dr Nouveau", "portee": "everything", "duree": "1j"}
    browser.post(home + "/partage-temporaire", lent)
    seen = re.findall(r'href="([^"]+/signaler)"', browser.get(home + "/acces").text)
    if seen:
        browser.post(seen[0], {"raison": "unknown-person", "precision": "Je ne la connais pas."})
    own = re.findall(r'class="title" href="([^"]+)"', browser.get(home + "/documents").text)
    starts = [home, *(f"{home}/{end}" for end in _SPACES), *own]
    starts += [f"{path}/supprimer" for path in own]
    return walked(site, someone.key, starts, "/espace")


_SPACES = (
    "ma-sante",
    "documents",
    "profil-medical",
    "partage-temporaire",
    "carte-urgence",
    "compte",
    "telecharger",
    "recu",
)
_DECLARED = {
    "allergies": {"substance": "Pénicilline", "reaction": "urticaire", "gravite": "moderate"},
    "traitements": {"nom": "Vitamine D"},
    "vaccins": {"nom": "ROR", "date": "2020-05-02"},
}
_MEASURED = {
    "poids": {"valeur": "72,5", "date": "2026-03-12", "heure": "08:30"},
}


def of_professional(site: Site) -> list[Stop]:
    """Every page of a doctor with a patient whose record holds something, and with a question to answer."""
    someone = Someone(site, birth_name="Delaunay").opens().declares(DOCTOR)
    entry = someone.receives("Ordonnance du genou")
    someone.receives("Bilan sanguin", someone.laboratory(), "11502-2")
    for days_ago in (3, 300):
        someone.receives("Radiographie", type_code="18748-4", days_ago=days_ago)
    own = site.browser(someone.key)
    address = f"{someone.home}/documents/{entry.document_id}/corriger"
    own.post(address, {"texte": "Ce n’est pas mon genou."})
    browser = site.browser("medecin")
    patient = reference(browser, someone)
    browser.get(patient + "/synthese")
    starts = ["/pro", "/pro/corrections", "/pro/carte", "/pro/parametres", "/pro/mes-acces"]
    starts += ["/pro/patients", patient]
    starts += [f"{patient}/{end}" for end in ("synthese", "documents", "deposer", "vsm")]
    called = [Stop("appel", "", "/pro/appel"), Stop("appel-suite", "medecin", "/pro/appel/suite")]
    return [*called, *walked(site, "medecin", starts, "/pro")]


def of_bearer(site: Site) -> list[Stop]:
    """The pages of whoever bears something that somebody gave him: a code, a letter, a card."""
    someone = Someone(site).opens().agrees(DOCTOR)
    someone.receives("Compte rendu visible")
    path = someone.home + "/partage-temporaire"
    lent = {"pour": "Dr Nouveau", "portee": "everything", "duree": "1j"}
    given = site.browser(someone.key).post(path, lent).text
    code = re.findall(r'<p class="code">([0-9A-Z-]+)</p>', given)[0]
    bearer = Browser(site)
    headers = {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    bearer.http.post("/partage", data={"code": code}, headers=headers)
    public = ["/hors-ligne", "/partage", "/carte", "/connexion/code", "/connexion/cle"]
    reading = walked(site, session_of(bearer), [_READING], _READING)
    return [*(Stop(f"porteur-{path[1:].replace('/', '-')}", "", path) for path in public), *reading]


def of_desk(site: Site) -> list[Stop]:
    """The day of a counter: a record opened, a letter handed over, the statement of a pharmacy."""
    found = []
    consent = {"accord": "oral", "information": "oui", "homonyme": "oui"}
    for who in ("agent", "pharmacienne"):
        browser = site.browser(who)
        path = counter(browser, Someone(site))
        browser.post(path + "/ouvrir", consent)
        browser.post(path + "/code", {"present": "oui"})
        found += [
            Stop(f"{who}-lettre-montree", session_of(browser), path + "/lettre"),
            *walked(
                site, session_of(browser), ["/guichet", "/guichet/information", path], "/guichet"
            ),
        ]
    return [Stop(f"{stop.name}-{n}", stop.person, stop.path) for n, stop in enumerate(found)]


def of_locked(site: Site) -> list[Stop]:
    """A doctor's session that is locked."""
    browser = site.browser("remplacante")
    browser.post("/pro/situation", {"lieu": "0"})
    fields = {"nouveau": "7294", "confirmation": "7294"}
    browser.post("/pro/parametres/code", fields, page="/pro/parametres")
    browser.post("/pro/verrouiller", {"page": "/pro"}, page="/pro")
    return [Stop("verrouille", session_of(browser), "/pro/verrouille")]


WALKS: dict[str, Callable[[Site], list[Stop]]] = {
    "suivi-titulaire": of_holder,
    "suivi-soignant": of_professional,
    "suivi-porteur": of_bearer,
    "suivi-comptoir": of_desk,
    "suivi-verrou": of_locked,
}
"""Parts of the tour that links make."""
