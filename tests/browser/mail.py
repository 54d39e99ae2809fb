"""Letters: somebody's address, the post job run once, and what the catch-all mailbox then shows."""

from __future__ import annotations

import re

import httpx

from dmp.acts.person.profile import SaveProfile, save_profile
from dmp.bootstrap.post import post_of, send_due
from dmp.domain.record.profile import Profile
from dmp.remote.simulated.post.mailbox import Mailbox, mail_server, post_office
from dmp.settings import Settings
from tests.entrypoints.web.people import Someone
from tests.entrypoints.web.site import Site


def reached(someone: Someone) -> Someone:
    """She stands with an address in her profile from now on."""
    assert someone.record is not None
    profile = Profile(email=address_of(someone))
    request = SaveProfile(record_id=someone.record.record_id, profile=profile)
    someone.site.do(save_profile, request, someone.caller)
    return someone


def address_of(someone: Someone) -> str:
    """Where her letters go."""
    return f"{someone.key}@exemple.test"


def letter_to(someone: Someone) -> str:
    """Her newest letter on the page of the mailbox, once the post job has sent what is due, by real SMTP."""
    page: str = someone.site.call(_posted, someone.site)
    letters: list[str] = re.findall(r"<article>.*?</article>", page, re.DOTALL)
    return next(letter for letter in letters if address_of(someone) in letter)


async def _posted(site: Site) -> str:
    mailbox = Mailbox()
    async with mail_server(mailbox) as port:
        post = post_of(Settings(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none"))
        while await send_due(site.house, site.store.outbox, post):
            pass
    shown = httpx.ASGITransport(post_office(mailbox, ""))
    async with httpx.AsyncClient(transport=shown, base_url="http://courrier") as reader:
        return (await reader.get("/")).text
