"""The form and the words of each section that has lines: what is asked, and how a line is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dmp.domain.record.declared.checks import Line
from dmp.domain.record.declared.lines import (
    Allergy,
    Condition,
    Disability,
    DisabilityKind,
    FamilyCondition,
    HospitalStay,
    PersonToWarn,
    Relative,
    Severity,
    Treatment,
    VaccineGiven,
)
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.vaccines import VACCINES, Against
from dmp.entrypoints.web.declaring import telling
from dmp.entrypoints.web.declaring.fields import Field, Kind

_DAY_HELP = "Le jour, le mois ou seulement l’année : 12/03/2015, 03/2015 ou 2015."


@dataclass(frozen=True, slots=True, kw_only=True)
class LineForm:
    """One section: its words, its fields, the line made of their values, and how a line is told.

    `question` is asked when nothing was said; `none` says "none" aloud, and `said_none` that it was said.
    """

    section: Section
    title: str
    lead: str
    add: str
    question: str
    none: str
    said_none: str
    empty: str
    fields: Sequence[Field]
    make: Callable[..., Line]
    told: Callable[[Any], Iterator[str]]
    name: Callable[[Any], str]


def _options(words: dict[Any, str]) -> tuple[tuple[str, str, str], ...]:
    return tuple((key.value, label, "") for key, label in words.items())


def _day(name: str, attribute: str, label: str, *, required: bool = False) -> Field:
    return Field(
        name=name,
        attribute=attribute,
        label=label,
        kind=Kind.DAY,
        help=_DAY_HELP,
        required=required,
        missing="Écrivez au moins l’année.",
    )


def _named(name: str, attribute: str, label: str, missing: str, help_: str = "") -> Field:
    return Field(
        name=name, attribute=attribute, label=label, required=True, missing=missing, help=help_
    )


def _optional(
    name: str, attribute: str, label: str, help_: str = "", kind: Kind = Kind.TEXT
) -> Field:
    return Field(name=name, attribute=attribute, label=label, help=help_, kind=kind)


LINE_FORMS: dict[Section, LineForm] = {
    form.section: form
    for form in (
        LineForm(
            section=Section.ALLERGIES,
            title="Allergies",
            lead="À un médicament, un aliment, un venin, une matière… et ce qui s’est passé.",
            add="Ajouter une allergie",
            question="Y a-t-il une allergie connue ?",
            none="Non, aucune allergie connue",
            said_none="Aucune allergie connue.",
            empty="Allergies non renseignées : ce n’est pas la même chose que « aucune allergie connue ».",
            fields=(
                _named(
                    "substance",
                    "substance",
                    "À quoi",
                    "Écrivez à quoi vous êtes allergique.",
                    "Par exemple : pénicilline, arachide, venin de guêpe.",
                ),
                _optional("reaction", "reaction", "Ce qui s’est passé"),
                Field(
                    name="gravite",
                    attribute="severity",
                    label="Comment était la réaction",
                    kind=Kind.CHOICE,
                    choice=Severity,
                    options=(("", "Je ne sais pas", ""), *_options(telling.SEVERITIES)),
                ),
                _day("depuis", "since", "Depuis quand"),
            ),
            make=Allergy,
            told=telling.allergy,
            name=lambda one: one.substance,
        ),
        LineForm(
            section=Section.CONDITIONS,
            title="Maladies et sujets de santé",
            lead="Les maladies présentes et passées, les opérations, les grossesses.",
            add="Ajouter une maladie ou un sujet de santé",
            question="Y a-t-il, ou y a-t-il eu, une maladie ou un sujet de santé à signaler ?",
            none="Non, aucun",
            said_none="Aucune maladie ni aucun antécédent connu.",
            empty="Maladies et antécédents non renseignés.",
            fields=(
                _named("nom", "label", "Maladie ou sujet de santé", "Écrivez de quoi il s’agit."),
                Field(
                    name="etat",
                    attribute="active",
                    default="oui",
                    label="C’est encore présent aujourd’hui.",
                    kind=Kind.BOX,
                ),
                _day("depuis", "since", "Depuis quand"),
                _day("fin", "until", "Jusqu’à quand, si c’est passé"),
                _optional("note", "note", "Précisions", kind=Kind.AREA),
            ),
            make=Condition,
            told=telling.condition,
            name=lambda one: one.label,
        ),
        LineForm(
            section=Section.TREATMENTS,
            title="Traitements pris",
            lead="Avec ou sans ordonnance, compléments et plantes compris.",
            add="Ajouter un traitement",
            question="Un médicament, un complément ou des plantes sont-ils pris ?",
            none="Non, aucun traitement",
            said_none="Aucun traitement pris.",
            empty="Traitements non renseignés ici. Ceux qui sont remboursés apparaissent dans le résumé.",
            fields=(
                _named(
                    "nom",
                    "label",
                    "Nom du médicament ou du produit",
                    "Écrivez le nom, comme sur la boîte.",
                    "Comme sur la boîte, avec son dosage.",
                ),
                _optional(
                    "prise",
                    "dosage",
                    "Comment il est pris",
                    "Par exemple : 1 comprimé matin et soir.",
                ),
                _optional("motif", "reason", "Pour quoi"),
                Field(
                    name="sans_ordonnance",
                    attribute="self_medication",
                    label="Pris sans ordonnance.",
                    kind=Kind.BOX,
                ),
                _day("depuis", "start", "Depuis quand"),
                _day("fin", "stop", "Jusqu’à quand, si c’est arrêté ou prévu"),
            ),
            make=Treatment,
            told=telling.treatment,
            name=lambda one: one.label,
        ),
        LineForm(
            section=Section.VACCINATIONS,
            title="Vaccinations",
            lead="Les vaccins qui manquent au carnet : recopiez le carnet papier.",
            add="Ajouter un vaccin",
            question="Un vaccin reçu manque-t-il ici ?",
            none="Aucun vaccin reçu",
            said_none="Aucun vaccin reçu.",
            empty="Aucun vaccin ajouté.",
            fields=(
                Field(
                    name="contre",
                    attribute="against",
                    label="Contre quoi",
                    kind=Kind.SELECT,
                    choice=Against,
                    required=True,
                    missing="Choisissez contre quoi vous êtes vacciné.",
                    options=tuple((key.value, words, "") for key, (words, _) in VACCINES.items()),
                    empty="Choisir",
                ),
                Field(
                    name="nom",
                    attribute="label",
                    label="Nom du vaccin",
                    help="Il est écrit sur l’étiquette du carnet.",
                    missing="Écrivez le nom du vaccin.",
                ),
                _day("date", "on", "Date de l’injection", required=True),
                _optional("lot", "lot", "Numéro de lot"),
                _optional("par", "by_whom", "Fait par"),
            ),
            make=VaccineGiven,
            told=telling.vaccine,
            name=telling.vaccine_name,
        ),
        LineForm(
            section=Section.STAYS,
            title="Hospitalisations",
            lead="Les séjours à l’hôpital ou en clinique, et les opérations.",
            add="Ajouter une hospitalisation",
            question="Y a-t-il eu une hospitalisation ?",
            none="Non, jamais",
            said_none="Jamais hospitalisé.",
            empty="Hospitalisations non renseignées.",
            fields=(
                _named("motif", "reason", "Pour quoi", "Écrivez la raison de l’hospitalisation."),
                _optional("lieu", "place", "Hôpital ou clinique"),
                _day("debut", "start", "Date d’entrée", required=True),
                _day("fin", "end", "Date de sortie"),
            ),
            make=HospitalStay,
            told=telling.stay,
            name=lambda one: one.reason,
        ),
        LineForm(
            section=Section.DISABILITIES,
            title="Handicaps et dispositifs",
            lead="Ce qu’un soignant doit savoir pour accueillir ou examiner cette personne.",
            add="Ajouter un handicap ou un dispositif",
            question="Y a-t-il un handicap, un appareillage ou un dispositif dans le corps ?",
            none="Non, aucun",
            said_none="Aucun handicap ni dispositif.",
            empty="Handicaps et dispositifs non renseignés.",
            fields=(
                Field(
                    name="genre",
                    attribute="kind",
                    label="De quoi s’agit-il",
                    kind=Kind.CHOICE,
                    choice=DisabilityKind,
                    required=True,
                    missing="Choisissez de quoi il s’agit.",
                    options=_options(telling.DISABILITIES),
                ),
                _named("nom", "label", "Précisez", "Écrivez de quoi il s’agit."),
                _day("depuis", "since", "Depuis quand"),
                _optional("note", "note", "Ce qui aide", kind=Kind.AREA),
            ),
            make=Disability,
            told=telling.disability,
            name=lambda one: one.label,
        ),
        LineForm(
            section=Section.FAMILY,
            title="Antécédents familiaux",
            lead="Les maladies des parents proches, sans leur nom : elles peuvent changer le suivi.",
            add="Ajouter un antécédent familial",
            question="Une maladie a-t-elle touché un parent proche ?",
            none="Non, aucune connue",
            said_none="Aucun antécédent familial connu.",
            empty="Antécédents familiaux non renseignés.",
            fields=(
                Field(
                    name="parent",
                    attribute="relative",
                    label="Qui, dans la famille",
                    kind=Kind.SELECT,
                    choice=Relative,
                    required=True,
                    missing="Choisissez le lien de parenté.",
                    options=_options(telling.RELATIVES),
                    empty="Choisir",
                ),
                _named("maladie", "label", "Maladie", "Écrivez le nom de la maladie."),
                Field(
                    name="age",
                    attribute="age",
                    label="Âge de cette personne au début de la maladie",
                    kind=Kind.WHOLE,
                    impossible="Écrivez un âge de 0 à 130 ans.",
                ),
            ),
            make=FamilyCondition,
            told=telling.family,
            name=lambda one: one.label,
        ),
        LineForm(
            section=Section.PERSONS,
            title="Personnes à prévenir",
            lead="Qui appeler s’il arrive quelque chose.",
            add="Ajouter une personne à prévenir",
            question="Qui faut-il prévenir en cas d’urgence ?",
            none="",
            said_none="",
            empty="Aucune personne à prévenir n’est renseignée.",
            fields=(
                _named("nom", "name", "Nom et prénom", "Écrivez le nom de la personne."),
                Field(
                    name="telephone",
                    attribute="phone",
                    label="Téléphone",
                    kind=Kind.PHONE,
                    required=True,
                    missing="Écrivez le numéro en chiffres, par exemple 06 12 34 56 78.",
                ),
                _optional("lien", "relation", "Lien avec vous", "Par exemple : fille, voisin."),
            ),
            make=PersonToWarn,
            told=telling.person,
            name=lambda one: one.name,
        ),
    )
}
"""The sections that have lines, but measures, which have pages of their own."""
