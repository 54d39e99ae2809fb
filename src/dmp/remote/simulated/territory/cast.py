"""The cast: scripted people with stable keys, each of whom shows one rule of the record.

Their identities are fixed, whatever the seed. What happens to them is written in `scripts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from dmp.domain.identity.patient import Sex, Traits
from dmp.remote.simulated.territory import numbers
from dmp.remote.simulated.territory.people import Condition, Person
from dmp.remote.simulated.territory.professionals import DESK, WORKERS

F, M = Sex.FEMALE, Sex.MALE
C = Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class CastMember:
    """One row of the cast as it is printed: key, kind (`holder`, `professional`, `desk`), name, and
    one sentence in French of what he or she shows.
    """

    key: str
    kind: str
    name: str
    shows: str


@dataclass(frozen=True, slots=True)
class _Row:
    key: str
    birth_name: str
    given_names: str
    sex: Sex
    born: str
    place: str
    conditions: tuple[Condition, ...]
    shows: str
    used: str = ""
    parents: tuple[str, ...] = ()
    doctor: str = "dr-martin"


_ROWS: Final = (
    _Row("jeanne-durand", "Lefort", "Jeanne Marie", F, "1958-03-14", "45234",
         (C.DIABETES, C.HYPERTENSION), "A masqué aux professionnels une consultation de psychiatrie : "
         "seuls son médecin traitant et l'auteur la voient encore. Deux HbA1c à neuf jours d'écart. "
         "Suit son poids et sa tension chez elle, a écrit ses volontés.",
         used="Durand"),
    _Row("paul-durand", "Durand", "Paul Henri", M, "1955-11-02", "18033",
         (C.HYPERTENSION, C.ARTHROSIS), "A bloqué le Dr Petit, qui dépose toujours mais ne lit plus "
         "rien. N'a pas pris son périndopril pendant trois mois."),
    _Row("nadia-benali", "Benali", "Nadia", F, "1979-06-21", "69383",
         (C.HYPOTHYROIDISM,), "Un résultat de biopsie attend la consultation d'annonce : elle ne le "
         "voit pas encore, ses soignants si."),
    _Row("sandrine-moreau", "Moreau", "Sandrine Aurélie", F, "1981-01-30", "21231",
         (C.MIGRAINE,), "Mère et représentante légale de Léa et de Hugo."),
    _Row("lea-moreau", "Moreau", "Léa Manon", F, "2010-05-17", "21231",
         (C.CHILD, C.SIGHT), "Adolescente : une consultation en connexion secrète est cachée à ses "
         "parents, elle la voit.",
         parents=("sandrine-moreau",)),
    _Row("hugo-moreau", "Moreau", "Hugo", M, "2016-09-08", "21231",
         (C.CHILD, C.ASTHMA), "Enfant dont la mère tient le dossier.", parents=("sandrine-moreau",)),
    _Row("marcel-petitjean", "Petitjean", "Marcel", M, "1949-12-05", "58194",
         (C.COPD,), "A fermé son dossier : rien ne s'y lit ni ne s'y dépose, tout est conservé."),
    _Row("odile-renaud", "Renaud", "Odile Bernadette", F, "1946-08-19", "63113",
         (), "A refusé l'ouverture d'un dossier."),
    _Row("thierry-lambert", "Lambert", "Thierry", M, "1967-04-11", "86194",
         (), "Informé par l'assurance maladie : son dossier s'ouvrira dans quelques semaines sans "
         "opposition de sa part."),
    _Row("bernard-leroy", "Leroy", "Bernard Louis", M, "1952-02-27", "37261",
         (C.HYPERTENSION, C.DIABETES), "S'oppose à tout accès en urgence : bris de glace et SAMU "
         "refusés."),
    _Row("aminata-diallo", "Diallo", "Aminata", F, "1974-10-03", "99341",
         (C.HYPERTENSION,), "Le consentement donné à la cardiologue a expiré."),
    _Row("georges-marin", "Marin", "Georges", M, "1941-07-15", "87085",
         (C.HEART_FAILURE, C.POLYMEDICATION), "Hospitalisé : a consenti pour toute l'équipe de soins "
         "de l'hôpital ; la secrétaire y dépose un courrier, sans rien lire. Ibuprofène délivré sous "
         "anticoagulant."),
    _Row("camille-roux", "Roux", "Camille Pauline", F, "1991-03-09", "35238",
         (C.ALLERGY,), "Premier accès à venir : aucun professionnel n'a encore ouvert son dossier "
         "avec son accord."),
    _Row("yves-cordier", "Cordier", "Yves", M, "1963-05-28", "42218",
         (), "N'a pas de dossier : à ouvrir en ligne, au guichet, en pharmacie ou au cabinet."),
    _Row("monique-faure", "Faure", "Monique", F, "1950-09-22", "18033",
         (C.ARTHROSIS,), "A choisi que tout nouveau document soit masqué aux professionnels."),
    _Row("pierre-gauthier", "Gauthier", "Pierre", M, "1969-12-12", "45234",
         (C.DIABETES,), "Un compte rendu corrigé : la version 2 remplace la version 1."),
    _Row("claire-dumas", "Dumas", "Claire", F, "1993-07-04", "33063",
         (C.PREGNANCY,), "Enceinte : suivi par la sage-femme, échographies, analyses. Tutrice de "
         "Rose Texier."),
    _Row("elodie-simon", "Simon", "Élodie Charlotte", F, "1995-02-16", "37261",
         (), "Vient d'accoucher ; représentante légale de Louis."),
    _Row("louis-simon", "Simon", "Louis", M, "2026-08-03", "37261",
         (C.NEWBORN, C.CHILD), "Nouveau-né : dossier ouvert à la maternité, sa mère le représente ; "
         "vu par le médecin de PMI avec son accord.",
         parents=("elodie-simon",)),
    _Row("suzanne-perret", "Bouvier", "Suzanne Lucienne", F, "1935-01-25", "58194",
         (C.POLYMEDICATION, C.HYPERTENSION, C.ARTHROSIS), "Neuf médicaments par jour, suivie par "
         "l'infirmière et la pharmacienne. Avec son accord, le médecin coordonnateur de l'EHPAD et une "
         "coordonnatrice de parcours consultent ; son médecin a recueilli celui de la cardiologue.",
         used="Perret"),
    _Row("antoine-ferrand", "Ferrand", "Antoine", M, "1984-06-06", "44109",
         (C.SPORT_INJURY,), "Un document déposé par erreur a été supprimé par son auteur. Sapeur "
         "volontaire : accord exprès au médecin des pompiers."),
    _Row("henri-barbier", "Barbier", "Henri", M, "1944-03-31", "03190",
         (C.DIABETES, C.HEART_FAILURE, C.COPD, C.POLYMEDICATION), "Dossier lourd : plus de cent "
         "vingt documents. Colchicine et clarithromycine délivrées ensemble."),
    _Row("marie-fabre-1958", "Fabre", "Marie Claire", F, "1958-04-02", "75114",
         (C.HYPERTENSION,), "Homonyme de l'autre Marie Fabre : même nom, autre naissance, autre INS."),
    _Row("marie-fabre-1985", "Fabre", "Marie Claire", F, "1985-04-20", "75114",
         (C.ALLERGY,), "Homonyme de l'autre Marie Fabre : même nom, autre naissance, autre INS. Le médecin du "
         "travail a son accord exprès ; le médecin de l'assurance est refusé."),
    _Row("lucas-tessier", "Tessier", "Lucas", M, "2005-10-13", "86194",
         (C.STUDENT, C.ASTHMA), "Étudiant : a déposé lui-même un document et rempli son profil "
         "(allergies, personne à prévenir)."),
    _Row("ghjulia-mattei", "Mattei", "Ghjulia", F, "1982-05-09", "2A004",
         (C.MIGRAINE,), "Née en Corse-du-Sud (matricule en 2A) ; a nommé la cardiologue "
         "administratrice de son dossier."),
    _Row("petru-santoni", "Santoni", "Petru", M, "1990-11-18", "2B033",
         (C.SPORT_INJURY,), "Né en Haute-Corse (matricule en 2B) ; a masqué tous ses comptes "
         "rendus, présents et à venir."),
    _Row("joao-ribeiro", "Ribeiro", "João Manuel", M, "1971-08-24", "99139",
         (C.ARTHROSIS,), "Né à l'étranger (matricule en 99) ; cache ses analyses aux "
         "pharmaciens et aux opticiens, une consultation aux kinésithérapeutes, ses ordonnances à l'un "
         "d'eux."),
    _Row("fatou-ndiaye", "Ndiaye", "Fatou", F, "1977-03-03", "99341",
         (C.ASTHMA,), "Urgence : le SAMU a consulté son dossier, et l'hôpital par bris de glace, "
         "documents masqués compris. Elle et son médecin en sont avertis ; l'exploitant a jugé l'un "
         "des deux accès, l'autre attend."),
    _Row("simone-huet", "Huet", "Simone", F, "1938-10-29", "03190",
         (C.HYPERTENSION,), "A demandé la destruction de son dossier : annulable pendant trois mois."),
    _Row("guy-masson", "Masson", "Guy", M, "1953-05-05", "63113",
         (C.ARTHROSIS,), "Dossier suspendu par l'exploitant à la suite d'une anomalie."),
    _Row("rose-texier", "Texier", "Rose", F, "1947-02-08", "87085",
         (C.HYPERTENSION,), "Suivie par le Dr Petit, son médecin traitant ; a ouvert son dossier au "
         "guichet. Sous tutelle : Claire Dumas la représente.", doctor="dr-petit"),
    _Row("lucien-blanchet", "Blanchet", "Lucien", M, "1939-06-12", "18033",
         (C.HEART_FAILURE,), "Décédé : dossier fermé, une héritière a déposé une demande au guichet."),
    _Row("brigitte-colin", "Colin", "Brigitte", F, "1964-02-19", "63113",
         (), "Un résultat que personne n'a annoncé s'est révélé de lui-même au bout d'un mois : elle en "
         "a été avertie."),
)  # fmt: skip


@cache
def cast_people() -> dict[str, Person]:
    """The scripted people by key, in the order of the table."""
    found: dict[str, Person] = {}
    for order, row in enumerate(_ROWS, 701):
        born = date.fromisoformat(row.born)
        traits = Traits(
            birth_name=row.birth_name.upper(),
            given_names=row.given_names.upper(),
            sex=row.sex,
            birth_date=born,
            birth_place=row.place,
            used_name=row.used.upper(),
            used_given_name=row.given_names.split()[0],
        )
        ins = numbers.ins_of(numbers.matricule(row.sex, born, row.place, order))
        found[row.key] = Person(
            key=row.key,
            ins=ins,
            traits=traits,
            conditions=frozenset(row.conditions),
            parents=row.parents,
            doctor=row.doctor,
        )
    return found


CAST: Final[tuple[CastMember, ...]] = (
    *(
        CastMember(
            key=row.key,
            kind="holder",
            name=f"{row.given_names.split()[0]} {(row.used or row.birth_name).upper()}",
            shows=row.shows,
        )
        for row in _ROWS
    ),
    *(
        CastMember(key=worker.key, kind="professional", name=worker.name, shows=worker.shows)
        for worker in WORKERS
    ),
    CastMember(key=DESK.key, kind="desk", name=DESK.name, shows=DESK.shows),
)
"""Everybody with a key, for `dmp demo`'s printout, `dmp token --as` and the simulators' pages."""
