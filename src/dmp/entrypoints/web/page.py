"""A page: an address, how one must be logged in for it, and the acts it may do.

The table of pages is the table of contents of the door; a test of the house reads it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from dmp.acts.act import Act

if TYPE_CHECKING:
    from dmp.entrypoints.web.visit import Visit


class Authentication(StrEnum):
    """How one must be logged in for a page."""

    NONE = "none"
    HOLDER = "holder"
    ARRIVING = "arriving"  # a professional who has yet to choose where he works now
    PROFESSIONAL = "professional"
    READER = "reader"  # a professional, or a coordination professional by his role
    DEPOSITOR = "depositor"  # these, or a medical secretary
    BEARER = "bearer"  # whoever opened a sharing with a one-time code in this browser
    DESK = "desk"  # an insurer's agent, or a pharmacist


View = Callable[["Visit"], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page or one form. A form is sent by POST and always leads on to another address.

    `needs_token` is false for a form that changes nothing but how pages look to one browser: it may be sent
    before a session exists. It is still refused when another site sends it. `when_locked`: a page that
    answers while a professional's session is locked; every other leads to the one that unlocks it.
    """

    path: str
    view: View
    authentication: Authentication
    method: str = "GET"
    acts: tuple[Act[Any, Any], ...] = ()
    takes_file: bool = False
    needs_token: bool = True
    when_locked: bool = False

    @property
    def act_names(self) -> tuple[str, ...]:
        """Names of the acts that this page may do."""
        return tuple(act.name for act in self.acts)


def form_page(
    path: str,
    view: View,
    authentication: Authentication,
    *acts: Act[Any, Any],
    takes_file: bool = False,
) -> tuple[Page, Page]:
    """A page that shows a form, and the form sent to the same address."""
    return (
        Page(path=path, view=view, authentication=authentication, acts=acts),
        Page(
            path=path,
            view=view,
            authentication=authentication,
            method="POST",
            acts=acts,
            takes_file=takes_file,
        ),
    )
