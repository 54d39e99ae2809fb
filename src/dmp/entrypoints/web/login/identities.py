"""From the claims of a provider to who this is here, and from a session to a caller.

Source: Pro Santé Connect, userinfo (SubjectNameID, SubjectRefPro); identity claims of holders as
FranceConnect names them, with the INS.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from dmp.domain.access.matrix import roles
from dmp.domain.codes import TRE_G15_PROFESSION, TRE_R01_KNOW_HOW, TRE_R85_ROLE, Code
from dmp.domain.errors import Refused
from dmp.domain.identifiers import Ins, InsRoot, PersonId, StructureId
from dmp.domain.identity.caller import (
    NOBODY,
    Caller,
    Coordinator,
    DeskAgent,
    Door,
    Holder,
    Professional,
    Secretary,
    Strength,
    StructureRef,
)
from dmp.domain.identity.capacity import Capacity
from dmp.domain.identity.patient import Sex, Traits
from dmp.domain.value_sets import PROFESSION, value_set
from dmp.entrypoints.web.login.oidc import LoginFailed
from dmp.entrypoints.web.login.sessions import (
    SECRETARY,
    AgentIdentity,
    HolderIdentity,
    Identity,
    ProfessionalIdentity,
    Workplace,
)

_SEXES = {"female": Sex.FEMALE, "male": Sex.MALE, "F": Sex.FEMALE, "M": Sex.MALE}
_TITLES = {"DR": "Dr", "PR": "Pr"}
_NO_INS = "Votre identité nationale de santé n’a pas été transmise. Adressez-vous à un guichet."
_NO_TRAITS = "Votre identité a été transmise incomplète. Adressez-vous à un guichet."
_NO_PROFESSIONAL = (
    "Votre identité professionnelle a été transmise incomplète.",
    "Vérifiez votre inscription au répertoire national (RPPS) : votre ordre, ou à défaut l’agence régionale de "
    "santé, la corrige. Elle est reprise ici le lendemain.",
)
_NOT_REGISTERED = (
    "Vous n’êtes pas inscrit au répertoire national avec une profession qui a accès à ce service.",
    "Votre ordre vous inscrit au répertoire (RPPS) ; sans ordre, l’agence régionale de santé. Un agent de "
    "guichet s’adresse à sa caisse.",
)
_NO_WORKPLACE = (
    "Aucune situation d’exercice en cours n’est enregistrée pour vous au répertoire national : elle est close, "
    "ou n’est pas encore déclarée.",
    "Déclarez votre nouveau lieu à votre ordre, ou demandez à votre employeur de le faire. Il est repris ici "
    "le lendemain.",
)


def holder_of(claims: dict[str, Any], *, test_mode: bool) -> HolderIdentity:
    """The holder whom the provider proved. Raises LoginFailed."""
    try:
        matricule, root = _text(claims, "ins_matricule"), _text(claims, "ins_root")
        ins = Ins.parse(matricule, root or InsRoot.NIR.value, test_mode=test_mode)
    except Refused:
        raise LoginFailed(_NO_INS) from None
    identity = HolderIdentity(
        matricule=ins.matricule,
        root=ins.root.value,
        birth_name=_text(claims, "birth_name") or _text(claims, "family_name"),
        given_names=_text(claims, "given_name"),
        sex=_SEXES.get(_text(claims, "gender"), Sex.UNKNOWN).value,
        birth_date=_text(claims, "birthdate"),
        birth_place=_text(claims, "birthplace"),
        used_name=_text(claims, "preferred_username"),
    )
    try:
        traits_of(identity)
    except (Refused, ValueError):
        raise LoginFailed(_NO_TRAITS) from None
    return identity


def professional_of(
    claims: dict[str, Any], *, test_mode: bool
) -> ProfessionalIdentity | AgentIdentity:
    """The professional or the desk agent whom the provider proved. Raises LoginFailed."""
    try:
        id_nat = PersonId.parse(_text(claims, "SubjectNameID"), test_mode=test_mode).value
    except Refused:
        raise LoginFailed(*_NO_PROFESSIONAL) from None
    family, given = _text(claims, "family_name"), _text(claims, "given_name")
    if not family:
        raise LoginFailed(*_NO_PROFESSIONAL)
    if _text(claims, "role") == "agent":
        return _agent_of(claims, id_nat, f"{given} {family.upper()}".strip())
    may_regulate = _text(claims, "Acces_Regulation_Medicale").upper() == "VRAI"
    workplaces = (
        (_secretariat(claims),)
        if _text(claims, "role") == "secretaire"
        else tuple(_workplaces(claims, may_regulate))
    )
    if not workplaces:
        practices = _list(_dict(claims.get("SubjectRefPro")).get("exercices"))
        raise LoginFailed(*(_NO_WORKPLACE if practices else _NOT_REGISTERED))
    return ProfessionalIdentity(
        id_nat=id_nat,
        family=family,
        given=given,
        workplaces=workplaces,
        chosen=0 if len(workplaces) == 1 else None,
        title=_title(claims),
    )


def _title(claims: dict[str, Any]) -> str:
    """The civility of practice that people write before a name, or nothing."""
    practices = _list(_dict(claims.get("SubjectRefPro")).get("exercices"))
    codes = (_text(practice, "codeCiviliteDexercice") for practice in practices)
    return next((_TITLES[code] for code in codes if code in _TITLES), "")


def _agent_of(claims: dict[str, Any], id_nat: str, name: str) -> AgentIdentity:
    structure = _text(claims, "SubjectOrganizationID")
    try:
        structure_id = StructureId.parse(structure).value
    except Refused:
        raise LoginFailed(*_NO_WORKPLACE) from None
    return AgentIdentity(
        id_nat=id_nat,
        name=name,
        structure_id=structure_id,
        structure_name=_text(claims, "SubjectOrganization"),
    )


def _secretariat(claims: dict[str, Any]) -> Workplace:
    """The place of a medical secretary, who acts under her structure."""
    try:
        structure = StructureId.parse(_text(claims, "SubjectOrganizationID")).value
    except Refused:
        raise LoginFailed(*_NO_WORKPLACE) from None
    return Workplace(
        profession="",
        profession_label="Secrétaire médicale",
        structure_id=structure,
        structure_name=_text(claims, "SubjectOrganization") or structure,
        sector=_code(_text(claims, "Secteur_Activite")),
        role=SECRETARY,
    )


def _workplaces(claims: dict[str, Any], may_regulate: bool) -> list[Workplace]:
    found: list[Workplace] = []
    for practice in _list(_dict(claims.get("SubjectRefPro")).get("exercices")):
        profession = value_set(PROFESSION).find(_code(_text(practice, "codeProfession")))
        for activity in _list(practice.get("activities")):
            structure = _structure_id(activity)
            role = "" if profession is not None else _role(practice, activity)
            if structure is None or (profession is None and not role):
                continue
            found.append(
                Workplace(
                    profession=profession.code if profession is not None else "",
                    profession_label=(profession or roles()[role].code).display,
                    structure_id=structure,
                    structure_name=_text(activity, "raisonSocialeSite") or structure,
                    sector=_code(_text(activity, "codeSecteurDactivite")),
                    know_how=_code(_text(practice, "codeSavoirFaire")),
                    know_how_label=_text(practice, "libelleSavoirFaire"),
                    may_regulate=may_regulate and profession is not None,
                    role=role,
                    capacity=_capacity(activity) or _capacity(claims),
                )
            )
    return found


def _role(practice: dict[str, Any], activity: dict[str, Any]) -> str:
    """The line of a coordination or social professional (`R85:330`), or nothing when it is none."""
    for text in (_text(activity, "codeRole"), _text(practice, "codeProfession")):
        code, _, system = text.partition("^")
        wanted = Code(code, system or TRE_R85_ROLE)
        for name, line in roles().items():
            if line.code == wanted:
                return name
    return ""


_STATED = frozenset({Capacity.CARE_HOME_COORDINATION.value, Capacity.FIRE_SERVICE.value})


def _capacity(claims: dict[str, Any]) -> str:
    """The capacity that no sector tells; what else is said there is not believed."""
    stated = _text(claims, "capacite")
    return stated if stated in _STATED else ""


def _structure_id(activity: dict[str, Any]) -> str | None:
    """National identifier of a place of work: the one given, else from its FINESS or SIRET."""
    finess, siret = _text(activity, "numeroFinessSite"), _text(activity, "numeroSiretSite")
    candidates = (
        _text(activity, "ancienIdentifiantDeLaStructure"),
        f"1{finess}" if finess else "",
        f"3{siret}" if siret else "",
        _text(activity, "identifiantTechniqueDeLaStructure"),
    )
    for candidate in filter(None, candidates):
        try:
            return StructureId.parse(candidate).value
        except Refused:
            continue
    return None


def _code(text: str) -> str:
    """A code without the OID that may follow it: `SA07^1.2.250…` is `SA07`."""
    return text.partition("^")[0]


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name)
    return " ".join(value.split())[:200] if isinstance(value, str) else ""


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def traits_of(identity: HolderIdentity) -> Traits:
    """Strict traits of a holder. Raises Refused: TRAITS_INCOMPLETE; ValueError: bad birth date."""
    return Traits(
        birth_name=identity.birth_name,
        given_names=identity.given_names,
        sex=Sex(identity.sex),
        birth_date=date.fromisoformat(identity.birth_date),
        birth_place=identity.birth_place,
        used_name=identity.used_name,
    )


def identity_of(ins: Ins, traits: Traits) -> HolderIdentity:
    """The identity of a holder whom her own record knows: by a passkey or a letter."""
    return HolderIdentity(
        matricule=ins.matricule,
        root=ins.root.value,
        birth_name=traits.birth_name,
        given_names=traits.given_names,
        sex=traits.sex.value,
        birth_date=traits.birth_date.isoformat(),
        birth_place=traits.birth_place,
        used_name=traits.used_name,
    )


def ins_of(identity: HolderIdentity) -> Ins:
    """The INS of a holder, checked when he logged in."""
    return Ins(identity.matricule, InsRoot(identity.root))


def caller_of(identity: Identity | None, means: str = "") -> Caller:
    """The caller behind a session; nobody before a professional has chosen where he works.

    `means` is how he was proven, where it was not by the provider.
    """
    match identity:
        case HolderIdentity():
            name = traits_of(identity).display
            return _caller(Holder(ins=ins_of(identity), name=name), means or "oidc:holder")
        case AgentIdentity():
            structure = StructureRef(id_nat=identity.structure_id, name=identity.structure_name)
            who = DeskAgent(id_nat=identity.id_nat, name=identity.name, structure=structure)
            return _caller(who, means or "oidc:pro")
        case ProfessionalIdentity() if identity.workplace is not None:
            return _caller(_at_work(identity, identity.workplace), means or "oidc:pro")
        case _:
            return NOBODY


def _at_work(
    identity: ProfessionalIdentity, place: Workplace
) -> Professional | Coordinator | Secretary:
    """Who he is in this place: by his profession, or by his role."""
    if not place.role:
        return _professional(identity, place)
    structure = StructureRef(
        id_nat=place.structure_id, name=place.structure_name, sector=place.sector
    )
    if place.role == SECRETARY:
        return Secretary(id_nat=identity.id_nat, name=identity.name, structure=structure)
    role = roles()[place.role].code
    return Coordinator(id_nat=identity.id_nat, name=identity.name, role=role, structure=structure)


def _professional(identity: ProfessionalIdentity, place: Workplace) -> Professional:
    know_how = (
        Code(place.know_how, TRE_R01_KNOW_HOW, place.know_how_label) if place.know_how else None
    )
    return Professional(
        id_nat=identity.id_nat,
        name=identity.name,
        profession=Code(place.profession, TRE_G15_PROFESSION, place.profession_label),
        structure=StructureRef(
            id_nat=place.structure_id, name=place.structure_name, sector=place.sector
        ),
        know_how=know_how,
        may_regulate=place.may_regulate,
        stated_capacity=Capacity(place.capacity) if place.capacity else None,
    )


def _caller(who: Holder | DeskAgent | Professional | Coordinator | Secretary, means: str) -> Caller:
    return Caller(who=who, strength=Strength.INDIVIDUAL, door=Door.WEB, means=means)
