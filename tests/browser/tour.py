"""A tour of every page: who opens it, where it stands, what it is called in reports."""

from __future__ import annotations

import re
from dataclasses import dataclass

from dmp.domain.identity.patient import Traits
from tests.entrypoints.web.people import DOCTOR, Someone, camille
from tests.entrypoints.web.site import Browser, Site


@dataclass(frozen=True, slots=True)
class Stop:
    """One page of the tour: its name, who opens it (empty: nobody), its address."""

    name: str
    person: str
    path: str


def reference(browser: Browser, someone: Someone) -> str:
    """The address of a patient's pages, for the professional of this browser."""
    answer = browser.post("/pro", {"ins": someone.ins.matricule}, follow_redirects=False)
    return str(answer.headers["location"])


def counter(browser: Browser, someone: Someone) -> str:
    """The address of a person's pages at the counter."""
    traits = someone.traits
    fields = {
        "ins": someone.ins.matricule,
        "nom": traits.birth_name,
        "prenoms": traits.given_names,
        "sexe": traits.sex.value,
        "naissance": traits.birth_date.isoformat(),
        "piece": "oui",
    }
    answer = browser.post("/guichet", fields, follow_redirects=False)
    return str(answer.headers["location"])


def stops(site: Site) -> list[Stop]:
    """The whole tour, over a small set of people made for it."""
    return [*_doorstep(), *_holder(site), *_professional(site), *_counter(site)]


def _doorstep() -> list[Stop]:
    return [
        Stop("accueil", "", "/"),
        Stop("connexion", "", "/connexion"),
        Stop("connexion-pro", "", "/pro/connexion?suite=/pro"),
        Stop("connexion-echec", "", "/connexion/retour?state=x&code=y"),
        Stop("accessibilite", "", "/accessibilite"),
        Stop("introuvable", "", "/nulle-part"),
    ]


def _holder(site: Site) -> list[Stop]:
    someone = camille(site)
    browser = site.browser(someone.key)
    titles = re.findall(
        r'class="title" href="([^"]+)">([^<]+)', browser.get(someone.home + "/documents").text
    )
    by_title = {title: path for path, title in titles}
    block = re.findall(
        r'href="([^"]+/bloquer)"', browser.get(someone.home + "/professionnels").text
    )[0]
    own = [
        Stop("espace", someone.key, someone.home),
        Stop("documents", someone.key, someone.home + "/documents"),
        Stop("documents-vide", someone.key, someone.home + "/documents?recherche=introuvable"),
        Stop("documents-categorie", someone.key, someone.home + "/documents?categorie=BIOLOGIE"),
        Stop("document-cda", someone.key, by_title["Bilan sanguin"]),
        Stop("document-pdf", someone.key, by_title["Certificat médical"]),
        Stop("document-niveau-1", someone.key, by_title["CR hospitalier"]),
        Stop("confidentialite", someone.key, by_title["Bilan sanguin"] + "/confidentialite"),
        Stop(
            "confidentialite-resultat",
            someone.key,
            by_title["Bilan sanguin"] + "/confidentialite/resultat",
        ),
        Stop("acces", someone.key, someone.home + "/acces"),
        Stop("acces-moi", someone.key, someone.home + "/acces?qui=moi"),
        Stop("acces-erreur", someone.key, someone.home + "/acces?du=hier"),
        Stop("professionnels", someone.key, someone.home + "/professionnels"),
        Stop("bloquer", someone.key, block),
        Stop("profil", someone.key, someone.home + "/profil"),
        Stop("choix", someone.key, someone.home + "/choix"),
        Stop("cloture", someone.key, someone.home + "/cloture"),
    ]
    return own + _holder_states(site)


def _holder_states(site: Site) -> list[Stop]:
    empty, nobody, closed = Someone(site).opens(), Someone(site), Someone(site).opens()
    browser = site.browser(closed.key)
    browser.post(closed.home + "/cloture", {"confirmation": "oui"})
    return [
        Stop("espace-vide", empty.key, empty.home),
        Stop("documents-aucun", empty.key, empty.home + "/documents"),
        Stop("acces-aucun", empty.key, empty.home + "/acces"),
        Stop("professionnels-aucun", empty.key, empty.home + "/professionnels"),
        Stop("ouvrir", nobody.key, "/espace/ouvrir"),
        Stop("refuser", nobody.key, "/espace/refuser"),
        Stop("cloture-faite", closed.key, closed.home),
        Stop("reouverture", closed.key, closed.home + "/reouverture"),
        Stop("suppression", closed.key, closed.home + "/suppression"),
        Stop("ferme-refus", closed.key, closed.home + "/documents"),
    ]


def _professional(site: Site) -> list[Stop]:
    browser = site.browser("medecin")
    known, unknown, fresh = camille(site), Someone(site), Someone(site).opens()
    blocked = Someone(site).opens().blocks(DOCTOR)
    path = reference(browser, known)
    listed = browser.get(path + "/documents").text
    by_title = {
        title: where for where, title in re.findall(r'class="title" href="([^"]+)">([^<]+)', listed)
    }
    titled = {"type": "11488-4", "titre": "Dépôt", "date": "2026-03-02", "visibilite": "visible"}
    files = {"fichier": ("a.pdf", known.pdf("Dépôt"), "application/pdf")}
    receipt = browser.post(path + "/deposer", titled, files=files)
    return [
        Stop("pro", "medecin", "/pro"),
        Stop("situation", "remplacante", "/pro/situation"),
        Stop("pro-acces", "medecin", reference(browser, fresh) + "/acces"),
        Stop("pro-neutre", "medecin", reference(browser, unknown)),
        Stop("pro-neutre-bloque", "medecin", reference(browser, blocked)),
        Stop("pro-ouvrir", "medecin", reference(browser, unknown) + "/ouvrir"),
        Stop("pro-documents", "medecin", path + "/documents"),
        Stop("pro-documents-vide", "medecin", path + "/documents?recherche=zzz"),
        Stop("pro-document", "medecin", by_title["Compte rendu de consultation"]),
        Stop("pro-document-non-annonce", "medecin", by_title["Anatomopathologie"]),
        Stop("pro-gerer", "medecin", by_title["Bilan sanguin"] + "/gerer"),
        Stop("pro-deposer", "medecin", path + "/deposer"),
        Stop("pro-recu", "medecin", receipt.url.path),
        Stop("pro-introuvable", "medecin", path + "/documents/inconnu"),
    ]


def _counter(site: Site) -> list[Stop]:
    browser = site.browser("agent")
    absent, present, other = Someone(site), Someone(site).opens(), Someone(site).opens()
    path = counter(browser, absent)
    consent = {"accord": "oral", "information": "oui"}
    done = Someone(site)
    receipt = browser.post(counter(browser, done) + "/ouvrir", consent)
    other.traits = Traits(
        birth_name="Autre",
        given_names="Personne",
        sex=other.traits.sex,
        birth_date=other.traits.birth_date,
    )
    return [
        Stop("guichet", "agent", "/guichet"),
        Stop("guichet-pharmacie", "pharmacienne", "/guichet"),
        Stop("guichet-absent", "agent", path),
        Stop("guichet-ouvert", "agent", counter(browser, present)),
        Stop("guichet-differences", "agent", counter(browser, other)),
        Stop("guichet-ouvrir", "agent", path + "/ouvrir"),
        Stop("guichet-refuser", "agent", path + "/refuser"),
        Stop("guichet-informer", "agent", path + "/informer"),
        Stop("guichet-cloturer", "agent", counter(browser, present) + "/cloturer"),
        Stop("guichet-recu", "agent", receipt.url.path),
    ]
