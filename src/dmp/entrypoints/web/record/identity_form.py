"""The form that asks who a person is: INS with its key, and the strict traits.

Source: RNIV, strict traits; référentiel INS (matricule and key).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import Ins, InsRoot, nir_key
from dmp.domain.identity.patient import Sex, Traits
from dmp.entrypoints.web.forms import Form
from dmp.entrypoints.web.options import WebOptions
from dmp.entrypoints.web.record.typed_day import typed_day
from dmp.entrypoints.web.wording import refusal, today
from dmp.locale import translate

_ROOT_NAMES = {
    InsRoot.NIR: "NIR",
    InsRoot.NIA: "NIA (numéro d’attente)",
    InsRoot.NIR_TEST: "NIR d’essai",
    InsRoot.NIR_DEMO: "NIR de démonstration",
}
_PLACE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")
_LONGEST_NAME = 100
_COUNTABLE = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person as somebody at a desk or a doctor typed her."""

    ins: Ins
    traits: Traits


def roots(options: WebOptions) -> tuple[tuple[str, str], ...]:
    """INS roots to choose among, with their names, the usual one first."""
    return tuple((root.value, _ROOT_NAMES[root]) for root in options.ins_roots)


def read_ins(form: Form, options: WebOptions, errors: dict[str, str]) -> Ins | None:
    """The INS of a form; what must be corrected is said under `ins`."""
    root = form.text("domaine") or options.ins_roots[0].value
    text = form.text("ins")
    if not text:
        errors["ins"] = "Saisissez le matricule INS : 13 caractères, puis la clé de 2 chiffres."
        return None
    try:
        return Ins.parse(text, root, test_mode=options.test_mode)
    except Refused as refused:
        sentence = refusal(refused)
        plain = "".join(text.split()).upper()[:13]
        if refused.reason is Reason.INS_KEY_WRONG and _COUNTABLE.fullmatch(plain):
            right = translate(
                "Si les 13 premiers caractères sont justes, la clé est {key}.",
                key=f"{nir_key(plain):02d}",
            )
            sentence = f"{sentence} {right}"
        errors["ins"] = sentence
        return None


def read_traits(form: Form, now: datetime, errors: dict[str, str]) -> Traits | None:
    """The traits of a form; what must be corrected is said under each field."""
    name, given = form.text("nom")[:_LONGEST_NAME], form.text("prenoms")[:_LONGEST_NAME]
    if not name:
        errors["nom"] = "Saisissez le nom de naissance."
    if not given:
        errors["prenoms"] = "Saisissez au moins le premier prénom de naissance."
    sex = form.text("sexe")
    if sex not in (Sex.FEMALE.value, Sex.MALE.value):
        errors["sexe"] = "Choisissez le sexe inscrit à l’état civil."
    birth = _birth(form.text("naissance"), now, errors)
    place = form.text("lieu").upper()
    if place and _PLACE.fullmatch(place) is None:
        errors["lieu"] = "Le code du lieu a 5 caractères, par exemple 76540 ou 2A004."
    if errors.keys() & {"nom", "prenoms", "sexe", "naissance", "lieu"} or birth is None:
        return None
    return Traits(
        birth_name=name,
        given_names=given,
        sex=Sex(sex),
        birth_date=birth,
        birth_place=place,
        used_name=form.text("nom_utilise")[:_LONGEST_NAME],
    )


def _birth(text: str, now: datetime, errors: dict[str, str]) -> date | None:
    try:
        birth = typed_day(text)
    except ValueError:
        errors["naissance"] = "Saisissez la date de naissance, par exemple 14/03/1951."
        return None
    if not birth.year >= 1870 or birth > today(now):
        errors["naissance"] = "La date de naissance ne peut pas être à venir ni si ancienne."
        return None
    return birth
