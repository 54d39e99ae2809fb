"""A tour of every page: who opens it, where it stands, what it is called in reports."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from dmp.domain.documents.visibility import Restriction
from dmp.domain.identity.patient import Traits
from dmp.entrypoints.web.doorstep.help.topics import TOPICS
from tests.browser.crawling import WALKS
from tests.browser.own_space import of_own_space
from tests.browser.stops import Stop, counter, reference, session_of
from tests.builders import a_doctor
from tests.builders.claims import a_line, a_stay, an_act
from tests.entrypoints.web.feeding import ago, fed_with
from tests.entrypoints.web.people import DOCTOR, OPTICIAN, Someone, camille, lea
from tests.entrypoints.web.site import Site


def _doorstep(_: Site) -> list[Stop]:
    told = ("preferences", "plan-du-site", "mentions-legales", "donnees-personnelles")
    return [
        *(Stop(name, "", f"/{name}") for name in (*told, "etat-du-service", "demo", "aide")),
        Stop("aide-resultats", "", "/aide?mots=masquer"),
        Stop("aide-aucune", "", "/aide?mots=introuvable"),
        *(Stop(f"aide-{topic.name}", "", f"/aide/{topic.name}") for topic in TOPICS),
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
        Stop("documents-vide", someone.key, someone.home + "/documents?categorie=DEPISTAG"),
        *_searches(someone.key, someone.home, "recherche"),
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


def _searches(person: str, path: str, name: str) -> list[Stop]:
    """The search inside documents: nothing asked, found, corrected, not found, asked wrongly."""
    asked = {
        "": "",
        "-resultats": "?mots=bilan",
        "-corrigee": "?mots=certifcat",
        "-vide": "?mots=introuvable&categorie=BIOLOGIE",
        "-erreur": "?mots=bilan&du=hier&au=2024-02-30",
    }
    return [Stop(name + end, person, f"{path}/recherche{query}") for end, query in asked.items()]


def _rights(site: Site) -> list[Stop]:
    """The holder's rights: what is kept from whom, and through whose eyes one looks."""
    someone = camille(site)
    browser = site.browser(someone.key)
    home = someone.home
    documents = re.findall(r'class="title" href="([^"]+)">', browser.get(home + "/documents").text)
    listed = browser.get(home + "/professionnels").text
    authorise = re.findall(r'href="([^"]+/autoriser)"', listed)[0]
    appoint = re.findall(r'href="([^"]+/administrateur)"', listed)[0]
    keep = {"choix": "masquer", "envisager": "ligne.28"}
    kept = browser.post(documents[1] + "/confidentialite", keep)
    chosen = {"categorie": "CERT_MED", "presents": "oui", "futurs": "oui"}
    category = browser.post(home + "/confidentialite/categorie", chosen)
    invitation = {
        "nom": "Girard",
        "prenom": "Paul",
        "naissance": "1965-05-31",
        "niveau": "aider",
        "fin": (datetime.now(UTC) + timedelta(days=60)).date().isoformat(),
    }
    browser.post(home + "/proches/inviter", invitation)
    who = re.findall(r'<option value="(pro\.[^"]+)"', browser.get(home + "/voir-comme").text)
    paths = {
        "autoriser": authorise,
        "administrateur": appoint,
        "confidentialite-profession": documents[0] + "/confidentialite?envisager=ligne.60",
        "confidentialite-fait": f"{kept.url.path}?{kept.url.query.decode()}",
        "masques": home + "/confidentialite",
        "masques-fait": f"{category.url.path}?{category.url.query.decode()}",
        "categorie": home + "/confidentialite/categorie",
        "selection": home + "/documents/selection",
        "voir-comme": home + "/voir-comme",
        "voir-comme-quelqu-un": f"{home}/voir-comme?qui={who[0]}&si=masquer.BIOLOGIE",
        "voir-comme-urgence": home + "/voir-comme?qui=break-glass&si=urgence-non",
        "qui-peut-voir": home + "/qui-peut-voir",
        "qui-peut-voir-opticien": home + "/qui-peut-voir?qui=28",
        "proches": home + "/proches",
        "inviter": home + "/proches/inviter",
        "avis": home + "/notifications",
        "profils": "/espace/profils",
        "invitation": "/espace/invitation",
    }
    # What a change did is told in the session that made it.
    done = {name: session_of(browser) for name in ("confidentialite-fait", "masques-fait")}
    return [Stop(name, done.get(name, someone.key), path) for name, path in paths.items()]


def _acting(site: Site) -> list[Stop]:
    """The pages of somebody for whom one acts: a child, a person one helps."""
    parent = Someone(site).opens()
    helped = Someone(site, given_names="Jeanne", birth_name="Moulin").opens()
    child = lea(site, parent)
    browser = site.browser(helped.key)
    invitation = {
        "nom": parent.traits.birth_name,
        "prenom": parent.traits.first_given_name,
        "naissance": parent.traits.birth_date.isoformat(),
        "niveau": "voir",
        "fin": (datetime.now(UTC) + timedelta(days=60)).date().isoformat(),
    }
    invited = browser.post(helped.home + "/proches/inviter", invitation).text
    code = re.findall(r'class="number code">([^<]+)<', invited)[0]
    site.browser(parent.key).post("/espace/invitation", {"code": code, "reponse": "oui"})
    document = site.browser(parent.key).get(child.home + "/documents").text
    path = re.findall(r'class="title" href="([^"]+)">', document)[0]
    return [
        Stop("profils-plusieurs", parent.key, "/espace/profils"),
        Stop("enfant", parent.key, child.home),
        Stop("enfant-documents", parent.key, child.home + "/documents"),
        Stop("enfant-document", parent.key, path),
        Stop("enfant-confidentialite", parent.key, path + "/confidentialite"),
        Stop("enfant-professionnels", parent.key, child.home + "/professionnels"),
        Stop("enfant-proches", parent.key, child.home + "/proches"),
        Stop("enfant-choix", parent.key, child.home + "/choix"),
        Stop("enfant-introuvable", parent.key, child.home + "/documents/inconnu"),
        Stop("mineure-parents", child.key, path + "/confidentialite?envisager=parents"),
        Stop("mineure-masques", child.key, child.home + "/confidentialite"),
        Stop("aidee", parent.key, helped.home),
        Stop("aidee-refus", parent.key, helped.home + "/acces"),
    ]


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
        Stop("pro-documents-vide", "medecin", path + "/documents?categorie=DEPISTAG"),
        *_searches("medecin", path, "pro-recherche"),
        Stop("pro-document", "medecin", by_title["Compte rendu de consultation"]),
        Stop("pro-document-non-annonce", "medecin", by_title["Anatomopathologie"]),
        Stop("pro-gerer", "medecin", by_title["Bilan sanguin"] + "/gerer"),
        Stop("pro-deposer", "medecin", path + "/deposer"),
        Stop("pro-recu", "medecin", receipt.url.path),
        Stop("pro-introuvable", "medecin", path + "/documents/inconnu"),
    ]


def _professional_modes(site: Site) -> list[Stop]:
    """Rights before a professional: emergency, minors, blocks, and those who may do less."""
    attending = Someone(site).opens().declares(DOCTOR)
    minor = Someone(site, birth_date=datetime.now(UTC).date() - timedelta(days=5500)).opens()
    hidden = frozenset({Restriction.HIDDEN_FROM_REPRESENTATIVES})
    entry = minor.agrees().receives("Entretien", restrictions=hidden)
    warned = attending.receives("Ordonnance", type_code="57833-6", by=OPTICIAN)
    attending.read_in_emergency(warned, a_doctor(id_nat="810100000073", name="Samir BELLO"))
    browser = site.browser("medecin")
    young, mine = reference(browser, minor), reference(browser, attending)
    browser.get(mine + "/documents")
    return [
        Stop("pro-avis", "medecin", "/pro"),
        Stop("pro-regulation", "regulatrice", "/pro"),
        Stop("pro-urgence", "medecin", _first_access(site, "medecin") + "/urgence"),
        Stop("pro-urgence-neutre", "medecin", reference(browser, Someone(site)) + "/urgence"),
        Stop("pro-avertissement", "medecin", f"{young}/documents/{entry.document_id}"),
        Stop("pro-averti", "medecin", f"{young}/documents/{entry.document_id}?averti=oui"),
        Stop("pro-secret", "medecin", young + "/secret"),
        Stop("pro-deposer-mineur", "medecin", young + "/deposer"),
        Stop("pro-accord", "medecin", mine + "/accord"),
        Stop("pro-bloquer", "medecin", mine + "/bloquer"),
        Stop("pro-mes-acces", "medecin", mine + "/mes-acces"),
        Stop("pro-acces-travail", "medecin-travail", _first_access(site, "medecin-travail")),
        Stop("pro-acces-coordination", "coordonnatrice", _first_access(site, "coordonnatrice")),
        Stop("pro-accueil-interdit", "medecin-assureur", "/pro"),
        Stop("pro-interdit", "medecin-assureur", _first_access(site, "medecin-assureur")),
        Stop("secretariat", "secretaire", "/pro"),
        Stop("secretariat-deposer", "secretaire", _first_access(site, "secretaire")),
    ]


def _synthesis(site: Site) -> list[Stop]:
    """The facts of a record, for those who meet them differently; and a record without any."""
    known, empty = camille(site), Someone(site).opens().declares(DOCTOR)
    path, nothing = (
        reference(site.browser("medecin"), known),
        reference(site.browser("medecin"), empty),
    )
    ends = ("synthese", "alertes", "faits", "copier", "traitements", "vsm")
    leaves = (
        "chronologie",
        "problemes",
        "biologie",
        "imagerie",
        "vaccinations",
        "prevention",
        "volontes",
    )
    found = [Stop(f"pro-{end}", "medecin", f"{path}/{end}") for end in ends]
    found += [
        Stop(f"pro-{end}-vide", "medecin", f"{nothing}/{end}") for end in (*ends[:-1], *leaves)
    ]
    narrowed = (
        "documents?type=57833-6&lecture=non-lus",
        "documents?regrouper=episode",
        "biologie?valeurs=hors",
    )
    found += [Stop(f"pro-affine-{n}", "medecin", f"{path}/{end}") for n, end in enumerate(narrowed)]
    document = re.findall(
        r'class="title" href="([^"]+)"', site.browser("medecin").get(path + "/documents").text
    )
    look = f"{path}/documents?apercu={document[0].rpartition('/')[2]}"
    found.append(Stop("pro-apercu", "medecin", look))
    pharmacist = site.browser("pharmacienne")
    dispensing = reference(pharmacist, known)
    pharmacist.post(dispensing + "/acces", {"raison": "present", "duree": "30"})
    for who, end in (
        ("pharmacienne", "intervention"),
        ("infirmiere", "transmission"),
        ("opticien", "delivrance"),
    ):
        writer = site.browser(who)
        there = reference(writer, empty)
        writer.post(there + "/acces", {"raison": "present", "duree": "30"})
        found.append(Stop(f"pro-{end}", who, f"{there}/{end}"))
    regulating = site.browser("regulatrice")
    found.append(Stop("pharmacie-synthese", "pharmacienne", dispensing + "/synthese"))
    regulation = {"ins": known.ins.matricule}
    opened = regulating.post("/pro/regulation", regulation, page="/pro")
    found.append(Stop("samu-synthese", "regulatrice", opened.url.path))
    found += [
        Stop(end, known.key, f"{known.home}/{end}")
        for end in ("ma-sante", "resultats", "traitements")
    ]
    return found


def _reimbursements(site: Site) -> list[Stop]:
    """What the health insurance paid for: many lines, filtered, asked wrongly, and none."""
    known, empty = (Someone(site).opens().agrees(DOCTOR) for _ in range(2))
    lines = [
        line
        for months in range(1, 20)
        for line in (a_line(start=ago(site, 30 * months)), an_act(start=ago(site, 30 * months)))
    ]
    stay = a_stay(start=ago(site, 400), end=ago(site, 395))
    fed_with(site, known, *lines, stay)
    medical = site.browser("medecin")
    asked = {
        "": "",
        "-soins": "?rubrique=soins&du=" + ago(site, 200).isoformat(),
        "-erreur": "?du=hier&au=2024-02-30",
        "-aucun": "?au=2001-01-01",
    }
    return [
        Stop(name, person, f"{home}/remboursements{query}")
        for whose, state in ((known, ""), (empty, "-vide"))
        for end, query in asked.items()
        for name, person, home in (
            (f"remboursements{state}{end}", whose.key, whose.home),
            (f"pro-remboursements{state}{end}", "medecin", reference(medical, whose)),
        )
    ]


def _first_access(site: Site, who: str) -> str:
    return reference(site.browser(who), Someone(site).opens())


def _counter(site: Site) -> list[Stop]:
    browser = site.browser("agent")
    absent, present, other = Someone(site), Someone(site).opens(), Someone(site).opens()
    path = counter(browser, absent)
    consent = {"accord": "oral", "information": "oui", "homonyme": "oui"}
    done = Someone(site)
    receipt = browser.post(counter(browser, done) + "/ouvrir", consent)
    dead = Someone(site).opens()
    ended = counter(browser, dead)
    browser.post(ended + "/cloturer", {"confirmation": "oui", "motif": "death"})
    young = Someone(site, birth_date=datetime.now(UTC).date() - timedelta(days=3000))
    child = counter(browser, young)
    site.counter.lays("visite", absent.ins, absent.traits)
    read = browser.post(
        "/guichet/identite", {"action": "lire", "carte": "visite"}, follow_redirects=False
    )
    pharmacist = site.browser("pharmacienne")
    opened_child = counter(pharmacist, young)
    pharmacist.post(opened_child + "/ouvrir", {**consent, "representant": "Anne Minard"})
    other.traits = Traits(
        birth_name="Autre",
        given_names="Personne",
        sex=other.traits.sex,
        birth_date=other.traits.birth_date,
    )
    return [
        Stop("guichet", "agent", "/guichet"),
        Stop("guichet-pharmacie", "pharmacienne", "/guichet"),
        Stop("guichet-identite", "agent", "/guichet/identite"),
        Stop("guichet-carte-lue", "agent", read.headers["location"]),
        Stop("guichet-information", "agent", "/guichet/information?langue=en"),
        Stop("guichet-contester", "pharmacienne", "/guichet/releve/contester?mois=2026-01"),
        Stop("guichet-representant", "agent", child + "/representant"),
        Stop("guichet-representant-pharmacie", "pharmacienne", opened_child + "/representant"),
        Stop("guichet-aidant", "pharmacienne", opened_child + "/aidant"),
        Stop("guichet-absent", "agent", path),
        Stop("guichet-ouvert", "agent", counter(browser, present)),
        Stop("guichet-differences", "agent", counter(browser, other)),
        Stop("guichet-ouvrir", "agent", path + "/ouvrir"),
        Stop("guichet-refuser", "agent", path + "/refuser"),
        Stop("guichet-informer", "agent", path + "/informer"),
        Stop("guichet-cloturer", "agent", counter(browser, present) + "/cloturer"),
        Stop("guichet-recu", "agent", receipt.url.path),
        Stop("guichet-deces", "agent", ended),
        Stop("guichet-ayants-droit", "agent", ended + "/ayants-droit"),
    ]


GROUPS: dict[str, Callable[[Site], list[Stop]]] = {
    "seuil": _doorstep,
    "titulaire": _holder,
    "droits": _rights,
    "proches": _acting,
    "espace": of_own_space,
    "professionnel": _professional,
    "modes": _professional_modes,
    "synthese": _synthesis,
    "remboursements": _reimbursements,
    "guichet": _counter,
    **WALKS,
}
"""The tour in parts: each makes its own people, so that parts may run apart."""
