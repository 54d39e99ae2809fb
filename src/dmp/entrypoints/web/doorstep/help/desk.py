"""The pages of help: all subjects, those that answer some words, one subject as a guide to print."""

from __future__ import annotations

import re
import unicodedata

from starlette.responses import Response

from dmp.entrypoints.web.doorstep.help.topics import TOPICS, Question, Topic, topic_named
from dmp.entrypoints.web.page import Authentication, Page
from dmp.entrypoints.web.visit import Visit
from dmp.locale import sentence

_SHORTEST = 3
"""Letters of a word that is looked for; shorter ones stand in every answer."""


async def help_home(visit: Visit) -> Response:
    """All subjects, or the questions that fit what was asked."""
    asked = visit.asked("mots", 100)
    return visit.render(
        "doorstep/help.html", "Aide", topics=TOPICS, asked=asked, found=found_by(asked)
    )


async def help_topic(visit: Visit) -> Response:
    """One subject, whole; it prints as a guide."""
    topic = topic_named(visit.part("sujet"))
    if topic is None:
        return await visit.door.not_found(visit.request, Exception())
    return visit.render("doorstep/help_topic.html", topic.title, topic=topic)


def found_by(asked: str) -> tuple[tuple[Topic, Question], ...]:
    """The questions that hold every word that was asked, whatever accents and case."""
    wanted = [word for word in _words(asked) if len(word) >= _SHORTEST]
    if not wanted:
        return ()
    return tuple(
        (topic, question)
        for topic in TOPICS
        for question in topic.questions
        if all(any(there.startswith(word) for there in _told(topic, question)) for word in wanted)
    )


def _told(topic: Topic, question: Question) -> list[str]:
    texts = (topic.title, question.asked, *question.answer)
    return [word for text in texts for word in _words(sentence(text))]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFD", text.casefold())
    return re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c)))


_NONE = Authentication.NONE
PAGES = (
    Page(path="/aide", view=help_home, authentication=_NONE),
    Page(path="/aide/{sujet}", view=help_topic, authentication=_NONE),
)
