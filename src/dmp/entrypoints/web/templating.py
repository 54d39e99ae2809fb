"""Templates: escaped by default, and an unknown variable is a fault, not an empty place."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from types import FunctionType, MethodType

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.runtime import Context, Macro
from jinja2.utils import internalcode
from markupsafe import Markup

from dmp.entrypoints.web import wording
from dmp.entrypoints.web.figures import curve, period, scale, timeline
from dmp.entrypoints.web.options import SERVICE
from dmp.entrypoints.web.record.typed_day import as_field
from dmp.entrypoints.web.synthesis import plain_text, words
from dmp.entrypoints.web.synthesis.boards import board
from dmp.locale import LANGUAGES, plural, sentence, spoken, unbroken, word

STATIC = {
    "dmp.css": "text/css; charset=utf-8",
    "dmp.js": "text/javascript; charset=utf-8",
    "appareil.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
"""The static files of the door, all of our own."""


@cache
def static_bytes(name: str) -> bytes:
    """Content of a static file."""
    return (files(__package__) / "static" / name).read_bytes()


@cache
def static_gzip(name: str) -> bytes:
    """Content of a static file as gzip. Nothing secret is in it; pages leave uncompressed (BREACH)."""
    return gzip.compress(static_bytes(name), 9, mtime=0)


@cache
def static_address(name: str) -> str:
    """Address of a static file; it changes with the content, so that caches never lie."""
    return f"/statique/{hashlib.sha256(static_bytes(name)).hexdigest()[:16]}/{name}"


_FILTERS: dict[str, Callable[..., object]] = {
    "day": wording.day,
    "short_day": wording.short_day,
    "figures_day": wording.figures_day,
    "measure": wording.measure,
    "month": wording.month,
    "capitalized": wording.capitalized,
    "unbroken": unbroken,
    "weekday": wording.weekday,
    "clock": wording.clock,
    "moment": wording.moment,
    "size": wording.size,
    "author": wording.author,
    "ins": wording.ins_grouped,
    "as_field": as_field,
    "unit": wording.printed_unit,
    "plain_type": wording.plain_type,
    "id": id,
    "said": sentence,
    "awaits_announcement": wording.awaits_announcement,
}
"""How templates write values for people."""


def _said(msgid: str, /, **values: object) -> Markup:
    """A sentence of a template, its `%(names)s` filled with escaped values.

    What stands in a catalogue is markup of our own. The page has hundreds of them: most have nothing to fill.
    """
    text = sentence(msgid)
    return Markup(text) % values if values or "%" in text else Markup(text)  # noqa: S704  # ours


def _counted(one: str, many: str, number: int, /, **values: object) -> Markup:
    """The sentence for this number, which it names `num`."""
    return Markup(plural(one, many, number)) % {"num": number, **values}  # noqa: S704  # ours


class _Called(Context):
    """The values of a page. Plain functions and methods are called at once.

    Jinja asks of whatever is called, three times, whether it wants the context as well: ours never does.
    """

    @internalcode
    def call(self, called: Callable[..., object], /, *args: object, **named: object) -> object:
        if type(called) in _PLAIN and not hasattr(called, "jinja_pass_arg"):
            named.pop("_block_vars", None)
            named.pop("_loop_vars", None)
            return called(*args, **named)
        return super().call(called, *args, **named)


_PLAIN = (FunctionType, MethodType, Macro)


@cache
def templates() -> Environment:
    """The environment of all pages."""
    environment = Environment(
        loader=PackageLoader("dmp.entrypoints.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.context_class = _Called
    environment.filters.update(_FILTERS)
    environment.globals.update(_=_said, ngettext=_counted)
    environment.globals.update(
        service=SERVICE, languages=LANGUAGES, spoken=spoken, static=static_address, word=word
    )
    environment.globals.update(
        say=words,
        tell=plain_text,
        curve=curve,
        timeline=timeline,
        axis=period.axis,
        scale=scale.number_line,
        board=board,
    )
    return environment


def rendered(template: str, **values: object) -> str:
    """A page as text."""
    return templates().get_template(template).render(**values)
