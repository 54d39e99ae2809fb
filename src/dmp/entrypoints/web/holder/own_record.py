"""Home of the holder, and the record's life: open, refuse, close, reactivate, erase."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from starlette.responses import Response

from dmp.acts.documents.find_documents import FindDocuments, find_documents
from dmp.acts.life.close_record import CloseRecord, close_record
from dmp.acts.life.erase_record import EraseRecord, ask_record_erasure, cancel_record_erasure
from dmp.acts.life.open_record import OpenRecord, open_record
from dmp.acts.life.refuse_record import RefuseRecord, refuse_record
from dmp.acts.life.reopen_record import ReopenRecord, reopen_record
from dmp.acts.person.read_notices import ReadNotices, read_notices
from dmp.acts.person.read_traces import ReadTraces, read_traces
from dmp.acts.relatives.list_profiles import ListProfiles, list_profiles
from dmp.acts.sharing.read_choices import ReadChoices, read_choices
from dmp.acts.space.choose import ReadSpaceChoices, read_space_choices
from dmp.acts.space.read_prevention import Prevention, ReadPrevention, read_prevention
from dmp.domain.documents.query import DocumentQuery
from dmp.domain.errors import Reason, Refused
from dmp.domain.identifiers import RecordId
from dmp.domain.journal.event import Trace
from dmp.domain.record.health_record import ClosingMotive, HealthRecord, State
from dmp.entrypoints.web.login.identities import ins_of, traits_of
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.record.journal import Wanted, passages
from dmp.entrypoints.web.visit import Visit
from dmp.locale import translate

SHOWN_NEW = 5
RECENT_TRACES = 200
SHOWN_NOTICES = 3
SHOWN_PASSAGES = 3
"""Of people; what the service does by itself stands in the journal."""
SHOWN_DUE = 4
NOTICES_OF = timedelta(days=30)
MAX_REASON = 500

BEFORE_OPENING = (State.INFORMED, State.REFUSED)


def record_of(visit: Visit) -> RecordId:
    """The record of the address. Raises Refused: RECORD_NOT_FOUND."""
    try:
        return RecordId(UUID(visit.part("record")))
    except ValueError:
        raise Refused(Reason.RECORD_NOT_FOUND) from None


def home_of(record_id: RecordId) -> str:
    """Address of a record's home."""
    return f"/espace/{record_id}"


async def own_record(visit: Visit) -> HealthRecord | None:
    """The record of whoever is logged in, or None when there is none."""
    try:
        return await visit.do(read_choices, ReadChoices(of=ins_of(visit.holder)))
    except Refused as refused:
        if refused.reason is Reason.RECORD_NOT_FOUND:
            return None
        raise


async def arrive(visit: Visit) -> Response:
    """After login: to one's record, to the choice of a profile, or to the page that opens a record."""
    record = await own_record(visit)
    if record is not None and record.state not in BEFORE_OPENING:
        return visit.go_to(home_of(record.record_id))
    if record is None:
        others = await visit.do(list_profiles, ListProfiles())
        if others:
            return visit.go_to("/espace/profils")
    return visit.go_to("/espace/ouvrir")


async def home(visit: Visit) -> Response:
    """What is new, who came, how the record stands."""
    record_id = record_of(visit)
    if visit.cares:
        return await _home_of_carer(visit, record_id)
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    if record.state in BEFORE_OPENING:
        return visit.go_to("/espace/ouvrir")
    if record.state is not State.OPEN:
        return visit.render("holder/not_open.html", "Mon dossier", record=record)
    newest = await visit.do(
        find_documents, FindDocuments(of=record_id, query=DocumentQuery(count=50))
    )
    traces = (
        await visit.do(read_traces, ReadTraces(record_id=record_id, limit=RECENT_TRACES))
    ).traces
    since = _last_visit(traces, visit)
    fresh = tuple(entry for entry in newest.entries if since and entry.submitted_at > since)
    wanted = Wanted()
    others = [trace for trace in traces if wanted.takes(trace, visit.caller.id)]
    notices = await visit.do(read_notices, ReadNotices(record_id=record_id, limit=SHOWN_NOTICES))
    own = await visit.do(read_space_choices, ReadSpaceChoices(record_id=record_id))
    unread = max(visit.now - NOTICES_OF, own.read_until or visit.now - NOTICES_OF)
    return visit.render(
        "holder/home.html",
        "Accueil",
        notices=[notice for notice in notices if notice.at > unread],
        is_first_visit=own.visited_at is None,
        to_do=await _to_do(visit, record_id),
        shown_due=SHOWN_DUE,
        record=record,
        since=since,
        fresh=fresh[:SHOWN_NEW],
        latest=newest.entries[:SHOWN_NEW],
        total=newest.total,
        passages=[one for one in passages(others, visit.caller.id) if not one.visitor.is_automatic][
            :SHOWN_PASSAGES
        ],
    )


async def _to_do(visit: Visit, record_id: RecordId) -> Prevention | None:
    """What is due; None where it cannot be said now, so that the rest of the page stands."""
    try:
        return await visit.do(read_prevention, ReadPrevention(record_id=record_id))
    except Refused as refused:
        if refused.reason is not Reason.UNAVAILABLE:
            raise
        return None


async def _home_of_carer(visit: Visit, record_id: RecordId) -> Response:
    """What a carer may see: the documents, and how to end his help. Not who came, nor the choices."""
    request = FindDocuments(of=record_id, query=DocumentQuery(count=SHOWN_NEW))
    newest = await visit.do(find_documents, request)
    return visit.render(
        "holder/home_of_carer.html",
        "Accueil",
        record_id=record_id,
        latest=newest.entries,
        total=newest.total,
    )


def _last_visit(traces: tuple[Trace, ...], visit: Visit) -> datetime | None:
    """When the holder was here last, before this session; None when that is not known."""
    born = visit.live.state.born
    own = (trace.at for trace in traces if trace.caller.id == visit.caller.id)
    return next((at for at in own if at < born), None)


async def open_own(visit: Visit) -> Response:
    """Open one's record online, with one's consent."""
    record = await own_record(visit)
    if record is not None and record.state not in BEFORE_OPENING:
        return visit.go_to(home_of(record.record_id))
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.checked("accord"):
            opened = await visit.do(open_record, _opening(visit))
            visit.notice("Votre dossier est ouvert.")
            return visit.go_to(home_of(opened.record_id))
        errors["accord"] = "Cochez la case pour donner votre accord."
    return visit.render(
        "holder/open.html",
        "Ouvrir mon dossier",
        status=400 if errors else 200,
        record=record,
        errors=errors,
    )


def _opening(visit: Visit) -> OpenRecord:
    who = visit.holder
    consent = "électronique : case cochée par le titulaire connecté"
    return OpenRecord(ins=ins_of(who), traits=traits_of(who), consent=consent)


async def refuse_own(visit: Visit) -> Response:
    """Refuse to have a record."""
    if visit.request.method == "POST":
        who = visit.holder
        await visit.do(refuse_record, RefuseRecord(ins=ins_of(who), traits=traits_of(who)))
        visit.notice("Votre opposition est enregistrée. Aucun dossier ne sera ouvert.")
        return visit.go_to("/espace/ouvrir")
    return visit.render("holder/refuse.html", "Refuser l’ouverture d’un dossier", errors={})


async def close_own(visit: Visit) -> Response:
    """Close the record: consequences first, then the confirmation."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.checked("confirmation"):
            reason = visit.form.text("motif")[:MAX_REASON]
            motive = (
                ClosingMotive.HOLDER_REQUEST
                if visit.profile is None
                else ClosingMotive.REPRESENTATIVE_REQUEST
            )
            request = CloseRecord(record_id=record_id, motive=motive, reason=reason)
            await visit.do(close_record, request)
            if visit.profile is not None:
                # A closed record is entered by its holder or at a desk; the list no longer has it.
                visit.notice(
                    translate("Le dossier de {name} est clôturé.", name=visit.profile_name)
                )
                return visit.go_to("/espace/profils")
            visit.notice("Votre dossier est clôturé.")
            return visit.go_to(home_of(record_id))
        errors["confirmation"] = "Cochez la case pour confirmer la clôture."
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/close.html",
        "Clôturer mon dossier",
        status=400 if errors else 200,
        record=record,
        reason=visit.form.text("motif"),
        errors=errors,
    )


async def reopen_own(visit: Visit) -> Response:
    """Reactivate a closed record."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.checked("accord"):
            consent = "électronique : case cochée par le titulaire connecté"
            await visit.do(reopen_record, ReopenRecord(record_id=record_id, consent=consent))
            visit.notice("Votre dossier est de nouveau ouvert, avec tout son contenu.")
            return visit.go_to(home_of(record_id))
        errors["accord"] = "Cochez la case pour donner votre accord."
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/reopen.html",
        "Réactiver mon dossier",
        status=400 if errors else 200,
        record=record,
        errors=errors,
    )


async def erase_own(visit: Visit) -> Response:
    """Ask for the destruction of the record."""
    record_id = record_of(visit)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        if visit.form.checked("confirmation"):
            await visit.do(ask_record_erasure, EraseRecord(record_id=record_id))
            visit.notice("Votre demande de suppression est enregistrée.")
            return visit.go_to(home_of(record_id))
        errors["confirmation"] = "Cochez la case pour confirmer la demande."
    record = await visit.do(read_choices, ReadChoices(of=record_id))
    return visit.render(
        "holder/erase.html",
        "Demander la suppression de mon dossier",
        status=400 if errors else 200,
        record=record,
        errors=errors,
    )


async def keep_own(visit: Visit) -> Response:
    """Take back the demand of destruction."""
    record_id = record_of(visit)
    await visit.do(cancel_record_erasure, EraseRecord(record_id=record_id))
    visit.notice("Votre demande de suppression est annulée. Votre dossier reste clôturé.")
    return visit.go_to(home_of(record_id))


async def receipt(visit: Visit) -> Response:
    """What was last done with the record, to print: opened, refused, closed, its destruction asked for."""
    record = await visit.do(read_choices, ReadChoices(of=record_of(visit)))
    return visit.render("holder/receipt.html", "Reçu", record=record, step=record.steps[-1])


_HOLDER = Authentication.HOLDER
_RECORD = "/espace/{record}"
PAGES = (
    Page(path="/espace", view=arrive, authentication=_HOLDER, acts=(read_choices, list_profiles)),
    *form_page("/espace/ouvrir", open_own, _HOLDER, read_choices, open_record),
    *form_page("/espace/refuser", refuse_own, _HOLDER, refuse_record),
    Page(
        path=_RECORD,
        view=home,
        authentication=_HOLDER,
        acts=(
            read_choices,
            find_documents,
            read_traces,
            read_notices,
            read_space_choices,
            read_prevention,
        ),
    ),
    Page(path=_RECORD + "/recu", view=receipt, authentication=_HOLDER, acts=(read_choices,)),
    *form_page(_RECORD + "/cloture", close_own, _HOLDER, read_choices, close_record),
    *form_page(_RECORD + "/reouverture", reopen_own, _HOLDER, read_choices, reopen_record),
    *form_page(_RECORD + "/suppression", erase_own, _HOLDER, read_choices, ask_record_erasure),
    Page(
        path=_RECORD + "/suppression/annulation",
        view=keep_own,
        authentication=_HOLDER,
        method="POST",
        acts=(cancel_record_erasure,),
    ),
)
