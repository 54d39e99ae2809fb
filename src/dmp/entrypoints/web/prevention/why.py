"""Why a line of prevention is offered, and what to do about it, in plain words.

All of it follows from the rule, whose age, sex and situation are data: no sentence here knows a patient.
"""

from __future__ import annotations

from dmp.domain.clinical.knowledge.rules import FollowUpRule
from dmp.locale import plural, translate

_YEAR = 12
_CHILD_MONTHS = 24
_LIFELONG = 1_500
"""Months: a rule that ends later than this has no end."""
_VACCINES, _EXAMINATIONS = "atc:J07", "ngap:"


def audience(rule: FollowUpRule) -> str:
    """For whom the rule is: `de 50 à 74 ans`, `à partir de 65 ans`, `à tout âge`."""
    first, end = rule.from_months, rule.to_months
    if end >= _LIFELONG:
        if first < _YEAR:
            return translate("à tout âge")
        return translate("à partir de {age}", age=aged(first))
    if end <= _CHILD_MONTHS * 2:
        return translate("de {first} à {last}", first=aged(first), last=aged(end))
    last = end // _YEAR - (0 if end % _YEAR else 1)
    return translate("de {first} à {last}", first=aged(first), last=aged(last * _YEAR))


def aged(months: int) -> str:
    """An age in words: months before the second birthday, then years."""
    if months < _CHILD_MONTHS:
        return plural("%(num)d mois", "%(num)d mois", months) % {"num": months}
    return plural("%(num)d an", "%(num)d ans", months // _YEAR) % {"num": months // _YEAR}


def because(rule: FollowUpRule) -> str:
    """Why the person is told: the age, the sex, the situation that her record tells of."""
    who = {"F": translate("Proposé aux femmes"), "M": translate("Proposé aux hommes")}.get(
        rule.sex, translate("Proposé à tous")
    )
    said = translate("{who}, {ages}.", who=who, ages=audience(rule))
    situation = _situation(rule)
    return f"{said} {situation}" if situation else said


def _situation(rule: FollowUpRule) -> str:
    conditions = {word.partition(":")[0] for word in rule.condition.split("|") if word}
    if not conditions:
        return ""
    if conditions == {"diabetes"}:
        return translate("Le dossier parle d’un diabète.")
    if conditions == {"pregnancy"}:
        return translate("Le dossier parle d’une grossesse.")
    if "pregnancy" in conditions:
        return translate("Le dossier parle d’une maladie de longue durée ou d’une grossesse.")
    return translate("Le dossier parle d’une maladie de longue durée.")


def to_do(rule: FollowUpRule) -> str:
    """What to do about it."""
    if any(word.startswith(_VACCINES) for word in rule.done_by):
        return translate(
            "Un médecin, un pharmacien, un infirmier ou une sage-femme vous dira si ce vaccin convient."
        )
    if any(word.startswith(_EXAMINATIONS) for word in rule.done_by):
        return translate(
            "Prenez rendez-vous avec le médecin qui suit l’enfant, ou avec la protection maternelle et"
            " infantile (PMI). Apportez le carnet de santé."
        )
    if rule.condition.partition(":")[0] == "pregnancy":
        return translate(
            "Parlez-en à la sage-femme ou au médecin qui suit la grossesse à la prochaine consultation."
        )
    if rule.condition:
        return translate(
            "Demandez à votre médecin l’ordonnance ou l’orientation à la prochaine consultation."
        )
    return translate(
        "Une invitation arrive par la poste. Sans invitation, demandez à votre médecin, à une sage-femme"
        " ou à votre pharmacien comment faire ce dépistage."
    )
