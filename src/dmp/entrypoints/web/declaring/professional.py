"""What a patient declares and shares, for a professional: section by section, each line with who said it.

A section that is not shared is not there, and nothing says that it could be. Nobody whom the matrix keeps from
what patients declare has this page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from dmp.acts.person.read_declared import ReadDeclared, read_declared
from dmp.acts.sharing.check_access import check_access
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import lines_of
from dmp.domain.record.declared.measures import SCALES, Measure
from dmp.domain.record.declared.said import Said
from dmp.domain.record.declared.sections import MEDICAL, Section
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.declaring.contents import TITLES, habit_words
from dmp.entrypoints.web.declaring.line_forms import LINE_FORMS
from dmp.entrypoints.web.declaring.visiting import told_by
from dmp.entrypoints.web.declaring.wishes import DONATION
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.professional.patient import Patient, about_patient, remember, render
from dmp.entrypoints.web.visit import Visit
from dmp.entrypoints.web.wording import NBSP, figures_day, measure
from dmp.locale import sentence, translate

SHOWN_MEASURES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line for a professional."""

    name: str
    about: str
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section for a professional."""

    title: str
    lines: tuple[Told, ...]


def parts_of(profile: Profile) -> tuple[Part, ...]:
    """The medical sections in which something is said; wishes have a page of their own."""
    found = (part_of(profile, section) for section in MEDICAL)
    return tuple(part for part in found if part.lines)


def part_of(profile: Profile, section: Section) -> Part:
    """One section, whether something is said in it or not."""
    title = _TITLES.get(section, TITLES[section])
    return Part(title=title, lines=tuple(_lines(profile, section)))


_TITLES = {Section.WISHES: "Volontés", Section.TREATMENTS: "Traitements que le patient dit prendre"}


def _lines(profile: Profile, section: Section) -> Iterator[Told]:
    match section:
        case Section.MEASURES:
            yield from _measures(profile)
        case Section.BLOOD:
            if profile.blood_group is not None:
                yield _told(
                    profile.blood_group.value,
                    translate("déclaré, toujours redéterminé avant transfusion"),
                    profile.blood_said,
                )
        case Section.HABITS:
            for words in habit_words(profile.habits):
                yield _told(words, "", profile.habits.said)
        case Section.WISHES:
            yield from _wishes(profile)
        case _:
            yield from _of_section(profile, section)


def _told(name: str, about: str, said: Said) -> Told:
    return Told(name=name, about=about, said=told_by(said, to_others=True))


def _of_section(profile: Profile, section: Section) -> Iterator[Told]:
    form = LINE_FORMS[section]
    for line in lines_of(profile, section):
        yield _told(form.name(line), ", ".join(form.told(line)), line.said)
    denial = profile.denial(section)
    if denial is not None:
        yield _told(sentence(form.said_none), "", denial.said)


def _measures(profile: Profile) -> Iterator[Told]:
    newest = sorted(profile.measures, key=lambda one: one.on, reverse=True)
    for one in newest[:SHOWN_MEASURES]:
        yield _told(_measured(one), figures_day(one.on), one.said)


def _measured(one: Measure) -> str:
    scale = SCALES[one.what]
    value = measure(one.value) + (f"/{measure(one.second)}" if one.second is not None else "")
    return f"{sentence(scale.label)}{NBSP}: {value}{NBSP}{scale.unit}"


def _wishes(profile: Profile) -> Iterator[Told]:
    wishes = profile.wishes
    directives = wishes.directives
    if directives.text:
        yield _told(translate("Directives anticipées"), directives.text, directives.said)
    if directives.document is not None:
        about = translate("dans un document du dossier")
        yield _told(translate("Directives anticipées"), about, directives.said)
    if directives.kept_at:
        name = translate("Papier signé des directives anticipées")
        yield _told(name, directives.kept_at, directives.said)
    if directives.none_written:
        yield _told(translate("Pas de directives anticipées écrites."), "", directives.said)
    person = wishes.trusted
    if person is not None:
        about = ", ".join(part for part in (person.name, person.relation, person.phone) if part)
        yield _told(translate("Personne de confiance"), about, person.said)
    if wishes.donation is not None:
        name = translate("Don d’organes (note, hors registre national des refus)")
        yield _told(name, translate(DONATION[wishes.donation]), wishes.donation_said)
    if wishes.other:
        yield _told(translate("Autres volontés"), wishes.other, wishes.other_said)


async def _declared(visit: Visit, patient: Patient) -> Response:
    if not patient.reads_declared:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    profile = await visit.do(read_declared, ReadDeclared(of=patient.ins))
    remember(visit, patient)
    return render(
        visit,
        "declaring/professional.html",
        translate("Déclaré par {patient}", patient=patient.status.record.traits.display),
        patient=patient,
        parts=parts_of(profile),
    )


PAGES = (
    Page(
        path="/pro/patients/{patient}/profil",
        view=about_patient(_declared),
        authentication=Authentication.READER,
        acts=(check_access, read_declared),
    ),
)
