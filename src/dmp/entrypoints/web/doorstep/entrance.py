"""Home of the service, login through the providers, choice of the workplace, logout."""

from __future__ import annotations

import msgspec
from starlette.responses import RedirectResponse, Response

from dmp.domain.errors import Reason, Refused
from dmp.entrypoints.web.drafts.keeping import draft_cookie
from dmp.entrypoints.web.login.arriving import ARRIVING_ACTS, after_login, come_in, welcome
from dmp.entrypoints.web.login.identities import holder_of, professional_of
from dmp.entrypoints.web.login.oidc import LoginFailed, OidcClient
from dmp.entrypoints.web.login.sessions import Identity, ProfessionalIdentity
from dmp.entrypoints.web.page import Authentication, Page, form_page
from dmp.entrypoints.web.visit import Visit, is_ours
from dmp.locale import sentence

HOMES = {"holder": "/espace", "professional": "/pro"}
_UNKNOWN = (
    "Cette tentative de connexion n’est plus valable. Recommencez depuis la page de connexion."
)


async def home(visit: Visit) -> Response:
    """Choose a face."""
    return visit.render("doorstep/home.html", "Votre dossier médical partagé")


async def accessibility(visit: Visit) -> Response:
    """The declaration of accessibility."""
    return visit.render("doorstep/accessibility.html", "Accessibilité")


def _client_of(visit: Visit, face: str) -> OidcClient | None:
    return visit.door.holders if face == "holder" else visit.door.professionals


def _login_page(visit: Visit, face: str, *, error: str = "", remedy: str = "") -> Response:
    then = visit.asked("suite")
    return visit.render(
        "doorstep/login.html",
        "Connexion interrompue" if error else "Se connecter",
        status=401 if error else 200,
        login_face=face,
        is_ready=_client_of(visit, face) is not None,
        then=then if is_ours(then) else "",
        error=sentence(error),
        remedy=sentence(remedy),
        locked_out=visit.asked("verrou") == "fin" and not error,
        has_draft=draft_cookie(visit.options) in visit.request.cookies,
    )


async def holder_login(visit: Visit) -> Response:
    """Where holders begin their login."""
    return _login_page(visit, "holder")


async def professional_login(visit: Visit) -> Response:
    """Where professionals and desk agents begin their login."""
    return _login_page(visit, "professional")


async def _start(visit: Visit, face: str) -> Response:
    client = _client_of(visit, face)
    if client is None:
        raise Refused(Reason.UNAVAILABLE)
    then = visit.asked("suite")
    try:
        address, login = await client.begin(
            face,
            then if is_ours(then) else "",
            shared=visit.asked("partage") == "oui",
            persona=visit.asked("comme") if visit.options.personas else "",
        )
    except LoginFailed as failed:
        return _login_page(visit, face, error=str(failed), remedy=failed.remedy)
    # Nothing of an earlier session lives on in the one that logs in.
    session = visit.door.sessions.begin(visit.now)
    session.state.login = login
    if visit.session is not None and face == "professional":
        session.state.call = visit.session.state.call
    await visit.door.begin_session(visit, session)
    return RedirectResponse(address, status_code=303)


async def start_holder_login(visit: Visit) -> Response:
    """Send a holder to his provider."""
    return await _start(visit, "holder")


async def start_professional_login(visit: Visit) -> Response:
    """Send a professional or an agent to the provider."""
    return await _start(visit, "professional")


async def _finish(visit: Visit, face: str) -> Response:
    client, session = _client_of(visit, face), visit.session
    login = session.state.login if session else None
    if client is None or session is None or login is None or login.face != face:
        return _login_page(visit, face, error=_UNKNOWN)
    # Usable once, whatever comes of it.
    session.state.login = None
    session.changed = True
    await visit.door.sessions.save(session, visit.now)
    try:
        proof = await client.finish(dict(visit.request.query_params), login, visit.now)
        who = _identity(visit, face, proof.claims)
    except LoginFailed as failed:
        return _login_page(visit, face, error=str(failed), remedy=failed.remedy)
    return await come_in(visit, who, then=login.then, shared=login.shared)


def _identity(visit: Visit, face: str, claims: dict[str, object]) -> Identity:
    test_mode = visit.options.test_mode
    if face == "holder":
        return holder_of(claims, test_mode=test_mode)
    return professional_of(claims, test_mode=test_mode)


async def finish_holder_login(visit: Visit) -> Response:
    """A holder comes back from the provider."""
    return await _finish(visit, "holder")


async def finish_professional_login(visit: Visit) -> Response:
    """A professional or an agent comes back from the provider."""
    return await _finish(visit, "professional")


async def choose_workplace(visit: Visit) -> Response:
    """Where do you work now? Asked when there are several places."""
    who = visit.live.state.who
    if not isinstance(who, ProfessionalIdentity):
        raise Refused(Reason.ACT_NOT_ALLOWED)
    errors: dict[str, str] = {}
    if visit.request.method == "POST":
        given = visit.form.text("lieu")
        if given.isascii() and given.isdigit() and int(given) < len(who.workplaces):
            state = visit.live.state
            arrives = who.workplace is None
            state.who = msgspec.structs.replace(who, chosen=int(given))
            # Another place of work is another capacity: what was stated here does not go along.
            state.emergencies, state.secret = {}, ()
            visit.live.changed = True
            if arrives:
                await welcome(visit)
            then, state.then = state.then, ""
            return visit.go_to(after_login(then, state.who))
        errors["lieu"] = "Choisissez votre lieu d’exercice dans la liste."
    return visit.render(
        "doorstep/workplace.html",
        "Où exercez-vous maintenant ?",
        status=400 if errors else 200,
        who=who,
        options=[
            (
                str(number),
                place.structure_name,
                " · ".join(filter(None, (place.profession_label, place.know_how_label))),
            )
            for number, place in enumerate(who.workplaces)
        ],
        errors=errors,
    )


async def log_out(visit: Visit) -> Response:
    """End the session."""
    response = RedirectResponse("/?deconnexion=oui", status_code=303)
    await visit.door.end_session(visit, response)
    return response


async def stay(visit: Visit) -> Response:
    """Prolong the session; asked by the timer of the page. 401 when it is over or locked."""
    state = visit.session.state if visit.session else None
    alive = state is not None and state.who is not None and not state.locked
    return Response(status_code=204 if alive else 401)


_NONE, _ARRIVING = Authentication.NONE, Authentication.ARRIVING
PAGES = (
    Page(path="/", view=home, authentication=_NONE),
    Page(path="/accessibilite", view=accessibility, authentication=_NONE),
    Page(path="/connexion", view=holder_login, authentication=_NONE),
    Page(path="/connexion/aller", view=start_holder_login, authentication=_NONE),
    Page(
        path="/connexion/retour",
        view=finish_holder_login,
        authentication=_NONE,
        acts=ARRIVING_ACTS,
    ),
    Page(path="/pro/connexion", view=professional_login, authentication=_NONE),
    Page(path="/pro/connexion/aller", view=start_professional_login, authentication=_NONE),
    Page(
        path="/pro/connexion/retour",
        view=finish_professional_login,
        authentication=_NONE,
        acts=ARRIVING_ACTS,
    ),
    *form_page("/pro/situation", choose_workplace, _ARRIVING, *ARRIVING_ACTS),
    Page(path="/deconnexion", view=log_out, authentication=_NONE, method="POST"),
    Page(path="/session", view=stay, authentication=_NONE),
)
