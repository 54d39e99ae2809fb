"""Wishes: advance directives, person of trust, organ donation, others; and whom to warn. One question a page.

Source: CSP L1111-6 (personne de confiance), L1111-11 (directives anticipées, of adults), R1232-4-4 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile
from dmp.domain.documents.entry import DocumentEntry
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.documents.types import document_types
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import (
    Change,
    SetDirectives,
    SetDonation,
    SetOtherWishes,
    SetTrusted,
    mark_of,
)
from dmp.domain.record.declared.checks import Fault, is_phone
from dmp.domain.record.declared.sections import Section
from dmp.domain.record.declared.wishes import Directives, Donation, TrustedPerson, Wishes
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.declaring.fields import SENTENCES, Field, Kind, typed, written
from dmp.entrypoints.web.declaring.line_forms import LINE_FORMS
from dmp.entrypoints.web.declaring.section import path_of, shown_lines
from dmp.entrypoints.web.declaring.visiting import (
    CHANGED_MEANWHILE,
    kept,
    may_choose,
    may_write,
    medical,
    reader_of,
    tried,
)
from dmp.entrypoints.web.holder.own_record import home_of, record_of
from dmp.entrypoints.web.login.identities import traits_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import day, today
from dmp.locale import translate

_CATEGORY = "DIR_ANT"
LONGEST_WORDS = 4000
LONGEST_LINE = 200
MOST_DOCUMENTS = 20
DONATION = {
    Donation.IN_FAVOUR: "Je suis d’accord, et mes proches le savent",
    Donation.OPPOSED: "Je m’y oppose",
    Donation.UNDECIDED: "Je n’ai pas encore décidé",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One page: its word in the address, its title, an explanation, its fields."""

    word: str
    title: str
    lead: str
    fields: Sequence[Field]
    adults_only: bool = False


DIRECTIVES = Question(
    word="directives",
    title="Directives anticipées",
    lead="Ce que vous voulez, ou ne voulez pas, si un jour vous ne pouvez plus le dire : "
    "poursuivre, limiter, arrêter ou refuser des soins. Vous pouvez les changer à tout moment.",
    adults_only=True,
    fields=(
        Field(
            name="document",
            attribute="document",
            label="Elles sont dans un document de mon dossier",
            kind=Kind.SELECT,
            empty="Aucun document",
        ),
        Field(
            name="texte",
            attribute="text",
            label="Je les écris ici",
            kind=Kind.AREA,
            help="Écrivez aussi vos nom, prénom, date et lieu de naissance sur le papier signé.",
        ),
        Field(
            name="lieu",
            attribute="kept_at",
            label="Où se trouve le papier signé",
            help="Par exemple : chez ma fille, chez mon médecin.",
        ),
        Field(
            name="aucune",
            attribute="none_written",
            label="Je n’en ai pas écrit.",
            kind=Kind.BOX,
        ),
    ),
)
TRUSTED = Question(
    word="personne-de-confiance",
    title="Personne de confiance",
    lead="Elle dit ce que vous vouliez quand vous ne pouvez plus le dire. Elle doit être d’accord. "
    "Videz tous les champs pour ne plus désigner personne.",
    adults_only=True,
    fields=(
        Field(name="nom", attribute="name", label="Nom et prénom"),
        Field(name="telephone", attribute="phone", label="Téléphone", kind=Kind.PHONE),
        Field(name="lien", attribute="relation", label="Lien avec vous"),
        Field(name="adresse", attribute="address", label="Adresse"),
        Field(
            name="accord",
            attribute="agreed",
            label="Je lui ai demandé, et elle accepte.",
            kind=Kind.BOX,
        ),
    ),
)
DONATING = Question(
    word="don-d-organes",
    title="Don d’organes",
    lead="La loi présume que chacun est donneur. Pour s’y opposer, il faut s’inscrire au registre "
    "national des refus, tenu par l’Agence de la biomédecine, ou remettre un écrit à un proche. "
    "Ce que vous notez ici ne remplace pas ce registre.",
    fields=(
        Field(
            name="position",
            attribute="donation",
            label="Ce que je veux que mes proches sachent",
            kind=Kind.CHOICE,
            choice=Donation,
            options=(
                *((key.value, words, "") for key, words in DONATION.items()),
                ("", "Je ne réponds pas", ""),
            ),
        ),
    ),
)
OTHERS = Question(
    word="autres",
    title="Autres volontés",
    lead="Tout ce qui compte pour vous : accompagnement, culte, personnes à ne pas prévenir…",
    fields=(
        Field(name="volontes", attribute="other", label="Mes autres volontés", kind=Kind.AREA),
    ),
)
QUESTIONS = {one.word: one for one in (DIRECTIVES, TRUSTED, DONATING, OTHERS)}


def is_minor(visit: Visit) -> bool:
    """Whether the profile is of somebody who may not write advance directives yet."""
    traits = visit.profile.traits if visit.profile is not None else traits_of(visit.holder)
    return traits.is_minor_on(today(visit.now))


async def show(visit: Visit) -> Response:
    """Everything that was said, and whom to warn."""
    profile = await kept(visit)
    documents = await _documents(visit)
    wishes, form = profile.wishes, LINE_FORMS[Section.PERSONS]
    told = _told(visit, wishes)
    return visit.render(
        "declaring/wishes.html",
        "Mes volontés" if visit.profile is None else "Volontés",
        record_id=record_of(visit),
        contents=medical(visit),
        home=home_of(record_of(visit)),
        path=f"{medical(visit)}/{Section.WISHES.value}",
        persons_path=path_of(visit, Section.PERSONS),
        questions=[one for one in QUESTIONS.values() if not (one.adults_only and is_minor(visit))],
        minor=is_minor(visit),
        wishes=wishes,
        told=told,
        document=next((d for d in documents if d.document_id == wishes.directives.document), None),
        documents=documents,
        donation="" if wishes.donation is None else translate(DONATION[wishes.donation]),
        persons=shown_lines(visit, form, profile),
        section=form,
        persons_shared=profile.is_shared(Section.PERSONS),
        is_shared=profile.is_shared(Section.WISHES),
        writes=may_write(visit),
        chooses=may_choose(visit),
    )


def _told(visit: Visit, wishes: Wishes) -> dict[str, str]:
    """Who said each, and when."""
    said = {
        DIRECTIVES.word: wishes.directives.said,
        TRUSTED.word: wishes.trusted.said if wishes.trusted is not None else None,
        DONATING.word: wishes.donation_said,
        OTHERS.word: wishes.other_said,
    }
    return {
        word: reader_of(visit, one)
        for word, one in said.items()
        if one is not None and one.on is not None
    }


async def _documents(visit: Visit) -> tuple[DocumentEntry, ...]:
    """The documents of the record that are advance directives."""
    types = tuple(code for code, one in document_types().items() if one.category == _CATEGORY)
    query = DocumentQuery(types=types, count=MOST_DOCUMENTS)
    page = await visit.do(find_documents, FindDocuments(of=record_of(visit), query=query))
    return page.entries


async def ask(visit: Visit) -> Response:
    """One question: shown, then answered."""
    question = QUESTIONS.get(visit.part("question"))
    if question is None or (question.adults_only and is_minor(visit)):
        raise Refused(Reason.ADDRESS_UNKNOWN)
    profile = await kept(visit)
    documents = await _documents(visit) if question is DIRECTIVES else ()
    if visit.request.method == "GET":
        texts = _texts(question, profile.wishes)
        return _page(visit, question, profile, documents, texts, {})
    texts = typed(question.fields, visit.form)
    change, errors = _change(question, texts, documents, visit.form.text("vu"))
    if change is None:
        return _page(visit, question, profile, documents, texts, errors)
    outcome = await tried(visit, profile, change)
    if not outcome.is_done:
        now = outcome.now or profile
        return _page(visit, question, now, documents, texts, {}, meanwhile=True)
    visit.notice("C’est enregistré.")
    return visit.go_to(f"{home_of(record_of(visit))}/volontes")


def _value(question: Question, wishes: Wishes) -> object:
    """What a question is about, for its mark."""
    return {
        DIRECTIVES.word: wishes.directives,
        TRUSTED.word: wishes.trusted,
        DONATING.word: wishes.donation,
        OTHERS.word: wishes.other,
    }[question.word]


def _texts(question: Question, wishes: Wishes) -> dict[str, str]:
    match question.word:
        case TRUSTED.word if wishes.trusted is None:
            return {}
        case TRUSTED.word:
            return written(question.fields, wishes.trusted)
        case DIRECTIVES.word:
            return written(question.fields, wishes.directives)
        case _:
            return written(question.fields, wishes)


def _change(
    question: Question, texts: dict[str, str], documents: Sequence[DocumentEntry], seen: str
) -> tuple[Change | None, dict[str, str]]:
    """The change that was typed, or what must be corrected."""
    errors = {
        field.name: SENTENCES[Fault.TOO_LONG]
        for field in question.fields
        if len(texts[field.name]) >= (LONGEST_WORDS if field.kind is Kind.AREA else LONGEST_LINE)
    }
    match question.word:
        case DIRECTIVES.word:
            return _directives(texts, documents, seen, errors)
        case TRUSTED.word:
            return _trusted(texts, seen, errors)
        case DONATING.word:
            chosen = texts["position"]
            if chosen and chosen not in {one.value for one in Donation}:
                return None, {"position": "Choisissez une réponse de la liste."}
            return SetDonation(donation=Donation(chosen) if chosen else None, seen=seen), {}
        case _:
            return (
                (None, errors)
                if errors
                else (SetOtherWishes(words=texts["volontes"], seen=seen), {})
            )


def _directives(
    texts: dict[str, str], documents: Sequence[DocumentEntry], seen: str, errors: dict[str, str]
) -> tuple[Change | None, dict[str, str]]:
    known = {str(one.document_id): one.document_id for one in documents}
    document: UUID | None = known.get(texts["document"])
    if texts["document"] and document is None:
        errors["document"] = "Choisissez un document de la liste."
    none = texts["aucune"] == "oui"
    if none and (texts["texte"] or document or texts["lieu"]):
        errors["aucune"] = "Décochez « je n’en ai pas écrit », ou videz les autres champs."
    if errors:
        return None, errors
    directives = Directives(
        text=texts["texte"], document=document, kept_at=texts["lieu"], none_written=none
    )
    return SetDirectives(directives=directives, seen=seen), {}


def _trusted(
    texts: dict[str, str], seen: str, errors: dict[str, str]
) -> tuple[Change | None, dict[str, str]]:
    if not any(texts[name] for name in ("nom", "telephone", "lien", "adresse")):
        return SetTrusted(trusted=None, seen=seen), {}
    if not texts["nom"]:
        errors["nom"] = "Écrivez le nom de la personne."
    if not is_phone(texts["telephone"]):
        errors["telephone"] = SENTENCES[Fault.NOT_A_PHONE]
    if errors:
        return None, errors
    trusted = TrustedPerson(
        name=texts["nom"],
        phone=texts["telephone"],
        relation=texts["lien"],
        address=texts["adresse"],
        agreed=texts["accord"] == "oui",
    )
    return SetTrusted(trusted=trusted, seen=seen), {}


def _page(
    visit: Visit,
    question: Question,
    profile: Profile,
    documents: Sequence[DocumentEntry],
    texts: dict[str, str],
    errors: dict[str, str],
    *,
    meanwhile: bool = False,
) -> Response:
    seen = "" if meanwhile else visit.form.text("vu")
    listed = tuple(
        (str(one.document_id), f"{one.title}, {day(one.service_start)}") for one in documents
    )
    return visit.render(
        "declaring/wish.html",
        question.title,
        status=409 if meanwhile else 400 if errors else 200,
        record_id=record_of(visit),
        back=f"{home_of(record_of(visit))}/volontes",
        question=question,
        documents=listed,
        stands=", ".join(_stands(question, profile.wishes)),
        texts={field.name: texts.get(field.name, "") for field in question.fields},
        seen=seen or mark_of(_value(question, profile.wishes)),
        meanwhile=meanwhile,
        errors={"": CHANGED_MEANWHILE} if meanwhile else errors,
    )


def _stands(question: Question, wishes: Wishes) -> list[str]:
    """What is kept now, in words, for whoever is told that it has changed."""
    match question.word:
        case DIRECTIVES.word:
            kept_ = wishes.directives
            none = translate("pas écrites") if kept_.none_written else ""
            return [part for part in (kept_.text, kept_.kept_at, none) if part]
        case TRUSTED.word:
            person = wishes.trusted
            return [] if person is None else [person.name, person.phone]
        case DONATING.word:
            return [] if wishes.donation is None else [translate(DONATION[wishes.donation])]
        case _:
            return [wishes.other] if wishes.other else []


_HOLDER = Authentication.HOLDER
_PATH = "/espace/{record}/volontes"
PAGES = (
    Page(path=_PATH, view=show, authentication=_HOLDER, acts=(read_profile, find_documents)),
    *form_page(_PATH + "/{question}", ask, _HOLDER, read_profile, find_documents, change_profile),
)
