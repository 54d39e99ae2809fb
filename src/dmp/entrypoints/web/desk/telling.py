"""What is said at a counter: the information for the person, for a second screen, and phrases for the field.

Both are about nobody, and can be printed.
"""

from __future__ import annotations

from starlette.responses import Response

from dmp.domain.counter.opening import works_in_a_pharmacy
from dmp.entrypoints.web.desk.deeds import is_agent
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import LANGUAGES, speak

SIMPLE = "fr_SIMPLE"


async def information(visit: Visit) -> Response:
    """What is said to the person before she decides, in large letters: simplified unless another is asked for.

    The language is that of the person who reads, not of the agent: it is kept nowhere.
    """
    asked = visit.asked("langue", 20)
    language = asked if asked in LANGUAGES else SIMPLE
    visit.preferences = visit.preferences.with_choices({"language": language})
    with speak(language):
        return visit.render(
            "desk/information.html",
            "Votre dossier médical partagé",
            tongues=LANGUAGES.values(),
            spoken_here=language,
        )


async def field_help(visit: Visit) -> Response:
    """Phrases that are ready to be said, and answers to what people ask."""
    return visit.render(
        "desk/field_help.html",
        "Aide de terrain",
        is_agent=is_agent(visit),
        is_paid=works_in_a_pharmacy(visit.caller),
    )


_DESK = Authentication.DESK
PAGES = (
    Page(path="/guichet/information", view=information, authentication=_DESK),
    Page(path="/guichet/aide-terrain", view=field_help, authentication=_DESK),
)
