"""One section of the profile that has lines: list, add, change, remove, say "none", share or keep."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from starlette.responses import Response

from dmp.acts.person.change_profile import change_profile
from dmp.acts.person.profile import read_profile
from dmp.acts.synthesis.read_synthesis import ReadSynthesis, read_synthesis
from dmp.domain.errors import Reason, Refused
from dmp.domain.record.declared.changes import (
    Deny,
    PutLine,
    RemoveLine,
    Share,
    line_with,
    lines_of,
    mark_of,
)
from dmp.domain.record.declared.checks import Line
from dmp.domain.record.declared.said import NO_LINE
from dmp.domain.record.declared.sections import MAY_BE_NONE, Section
from dmp.domain.record.profile import Profile
from dmp.entrypoints.web.declaring.fields import faulty, typed, values, written
from dmp.entrypoints.web.declaring.found import found_in
from dmp.entrypoints.web.declaring.line_forms import LINE_FORMS, LineForm
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
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.synthesis.own_proofs import own_proofs
from dmp.entrypoints.web.visit import Visit
from dmp.locale import sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLine:
    """A line as it is told, with its address."""

    name: str
    about: str
    said: str
    path: str


def line_form(visit: Visit) -> LineForm:
    """The section of the address. Raises Refused: ADDRESS_UNKNOWN."""
    try:
        return LINE_FORMS[Section(visit.part("section"))]
    except (ValueError, KeyError):
        raise Refused(Reason.ADDRESS_UNKNOWN) from None


def path_of(visit: Visit, section: Section) -> str:
    """The address of a section."""
    return f"{medical(visit)}/{section.value}"


def back_of(visit: Visit, section: Section) -> str:
    """Where a section is looked at: vaccinations and persons to warn on pages of their own."""
    home = home_of(record_of(visit))
    if section is Section.VACCINATIONS:
        return f"{home}/vaccinations"
    return f"{home}/volontes" if section is Section.PERSONS else path_of(visit, section)


def shown_lines(visit: Visit, form: LineForm, profile: Profile) -> tuple[ShownLine, ...]:
    """Every line of a section, as it is told."""
    path = path_of(visit, form.section)
    return tuple(
        ShownLine(
            name=form.name(line),
            about=", ".join(form.told(line)),
            said=reader_of(visit, line.said),
            path=f"{path}/{line.line_id}",
        )
        for line in lines_of(profile, form.section)
    )


async def show(visit: Visit) -> Response:
    """The lines of a section, and what documents say of it."""
    form = line_form(visit)
    if form.section in (Section.VACCINATIONS, Section.PERSONS):
        return visit.go_to(back_of(visit, form.section))
    profile = await kept(visit)
    synthesis = await visit.do(read_synthesis, ReadSynthesis(of=record_of(visit)))
    denial = profile.denial(form.section)
    return visit.render(
        "declaring/section.html",
        form.title,
        record_id=record_of(visit),
        contents=medical(visit),
        path=path_of(visit, form.section),
        section=form,
        lines=shown_lines(visit, form, profile),
        denial=None if denial is None else reader_of(visit, denial.said),
        found=found_in(form.section, synthesis, profile),
        proofs=own_proofs(visit, f"profil-medical/{form.section.value}"),
        is_shared=profile.is_shared(form.section),
        writes=may_write(visit),
        chooses=may_choose(visit),
    )


async def add(visit: Visit) -> Response:
    """Add a line."""
    form = line_form(visit)
    if visit.request.method == "GET":
        return _page(visit, form, {field.name: field.default for field in form.fields}, {})
    texts = typed(form.fields, visit.form)
    found, errors = values(form.fields, texts)
    if errors:
        return _page(visit, form, texts, errors)
    change = PutLine(section=form.section, line=form.make(**found))
    outcome = await tried(visit, await kept(visit), change)
    if not outcome.is_done:
        return _page(visit, form, texts, faulty(form.fields, outcome.faults))
    visit.notice("C’est ajouté à votre profil." if visit.profile is None else "C’est ajouté.")
    return visit.go_to(back_of(visit, form.section))


async def edit(visit: Visit) -> Response:
    """Change a line: the second of two who change it is told, and keeps what he typed."""
    form = line_form(visit)
    profile = await kept(visit)
    line_id = _line_id(visit)
    line = line_with(profile, form.section, line_id)
    if visit.request.method == "GET":
        if line is None:
            raise Refused(Reason.ADDRESS_UNKNOWN)
        return _page(visit, form, written(form.fields, line), {}, line)
    texts = typed(form.fields, visit.form)
    found, errors = values(form.fields, texts)
    if errors:
        return _page(visit, form, texts, errors, line, seen=visit.form.text("vu"))
    entered = replace(form.make(**found), line_id=line_id)
    change = PutLine(section=form.section, line=entered, seen=visit.form.text("vu"))
    outcome = await tried(visit, profile, change)
    if outcome.now is not None:
        now = line_with(outcome.now, form.section, line_id)
        return _page(visit, form, texts, {}, now, meanwhile=True)
    if outcome.faults:
        errors = faulty(form.fields, outcome.faults)
        return _page(visit, form, texts, errors, line, seen=visit.form.text("vu"))
    visit.notice("La modification est enregistrée.")
    return visit.go_to(back_of(visit, form.section))


async def remove(visit: Visit) -> Response:
    """Take a line away, after a question."""
    form = line_form(visit)
    profile = await kept(visit)
    line = line_with(profile, form.section, _line_id(visit))
    if line is None:
        visit.notice("Cette ligne était déjà retirée.")
        return visit.go_to(back_of(visit, form.section))
    meanwhile = False
    if visit.request.method == "POST":
        change = RemoveLine(section=form.section, line_id=line.line_id, seen=visit.form.text("vu"))
        outcome = await tried(visit, profile, change)
        if outcome.is_done:
            visit.notice("La ligne est retirée.")
            return visit.go_to(back_of(visit, form.section))
        meanwhile = True
    return visit.render(
        "declaring/remove.html",
        "Retirer cette ligne",
        status=409 if meanwhile else 200,
        record_id=record_of(visit),
        path=f"{path_of(visit, form.section)}/{line.line_id}",
        back=back_of(visit, form.section),
        section=form,
        name=form.name(line),
        about=", ".join(form.told(line)),
        seen=mark_of(line),
        errors={"": CHANGED_MEANWHILE} if meanwhile else {},
    )


async def deny(visit: Visit) -> Response:
    """Say "none" of a section aloud, or take it back."""
    form = line_form(visit)
    if form.section not in MAY_BE_NONE:
        raise Refused(Reason.ADDRESS_UNKNOWN)
    none = visit.form.text("aucune") != "non"
    outcome = await tried(visit, await kept(visit), Deny(section=form.section, none=none))
    if not outcome.is_done:
        visit.notice("Des lignes ont été ajoutées entre-temps : retirez-les d’abord.")
    elif none:
        visit.notice("C’est noté.")
    return visit.go_to(back_of(visit, form.section))


async def share(visit: Visit) -> Response:
    """Share a section with professionals, or keep it."""
    try:
        section = Section(visit.part("section"))
    except ValueError:
        raise Refused(Reason.ADDRESS_UNKNOWN) from None
    shared = visit.form.text("partage") == "oui"
    await tried(visit, await kept(visit), Share(section=section, shared=shared))
    visit.notice(
        "Cette rubrique est partagée avec les professionnels autorisés."
        if shared
        else "Cette rubrique n’est plus partagée : les professionnels ne savent pas qu’elle existe."
    )
    back = back_of(visit, section)
    return visit.go_to(
        f"{home_of(record_of(visit))}/volontes" if section is Section.WISHES else back
    )


def _line_id(visit: Visit) -> UUID:
    try:
        return UUID(visit.part("line"))
    except ValueError:
        raise Refused(Reason.ADDRESS_UNKNOWN) from None


def _page(
    visit: Visit,
    form: LineForm,
    texts: dict[str, str],
    errors: dict[str, str],
    line: Line | None = None,
    *,
    seen: str = "",
    meanwhile: bool = False,
) -> Response:
    """The form of a line. `line` is what stands now; without it, what is sent adds a line."""
    path = path_of(visit, form.section)
    return visit.render(
        "declaring/line.html",
        sentence(form.add)
        if line is None
        else f"{sentence(form.title)}\u00a0: {sentence('modifier')}",
        status=409 if meanwhile else 400 if errors else 200,
        record_id=record_of(visit),
        section=form,
        back=back_of(visit, form.section),
        action=f"{path}/ajouter" if line is None else f"{path}/{line.line_id}",
        texts={field.name: texts.get(field.name, "") for field in form.fields},
        seen=(seen or mark_of(line)) if line is not None else "",
        meanwhile=meanwhile,
        stands=None if line is None else (form.name(line), ", ".join(form.told(line))),
        is_new=line is None or line.line_id == NO_LINE,
        errors={"": CHANGED_MEANWHILE} if meanwhile else errors,
    )


_HOLDER = Authentication.HOLDER
_SECTION = "/espace/{record}/profil-medical/{section}"
_CHANGES = (read_profile, change_profile)
PAGES = (
    Page(path=_SECTION, view=show, authentication=_HOLDER, acts=(read_profile, read_synthesis)),
    *form_page(_SECTION + "/ajouter", add, _HOLDER, *_CHANGES),
    Page(
        path=_SECTION + "/aucune", view=deny, authentication=_HOLDER, method="POST", acts=_CHANGES
    ),
    Page(
        path=_SECTION + "/partage",
        view=share,
        authentication=_HOLDER,
        method="POST",
        acts=_CHANGES,
    ),
    *form_page(_SECTION + "/{line}", edit, _HOLDER, *_CHANGES),
    *form_page(_SECTION + "/{line}/retirer", remove, _HOLDER, *_CHANGES),
)
