"""How somebody wants the pages: language, size of letters, contrast, colours, density.

Kept in a cookie of its own, which says nothing about anybody: it holds before a login and after it, and
whoever shares the device finds the pages as they were set. Nothing of it stands in addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta

from markupsafe import Markup

from dmp.locale import LANGUAGE, LANGUAGES, Language

COOKIE = "dmp-affichage"
KEPT = timedelta(days=365)

CHOICES: Mapping[str, tuple[str, ...]] = {
    "language": tuple(LANGUAGES),
    "size": ("normale", "grande", "tres-grande"),
    "theme": ("auto", "clair", "sombre"),
    "contrast": ("auto", "fort"),
    "density": ("confort", "dense"),
}
"""What may be chosen, by field; the first of each is the usual one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """The choices of one browser. Every value is one of CHOICES."""

    language: str = LANGUAGE
    size: str = "normale"
    theme: str = "auto"
    contrast: str = "auto"
    density: str = "confort"

    @property
    def spoken(self) -> Language:
        """The language of the pages."""
        return LANGUAGES[self.language]

    @property
    def is_dense(self) -> bool:
        """Whether as much as possible should be in sight."""
        return self.density == "dense"

    @property
    def marks(self) -> Markup:
        """Attributes of the page for what differs from the usual; the style sheet follows them."""
        differing = [
            (name, value)
            for name in ("size", "theme", "contrast", "density")
            if (value := getattr(self, name)) != CHOICES[name][0]
        ]
        return Markup("").join(Markup(' data-{}="{}"').format(*one) for one in differing)

    def written(self) -> str:
        """The value of the cookie."""
        return "~".join(getattr(self, field.name) for field in fields(self))

    def with_choices(self, given: Mapping[str, str]) -> Preferences:
        """The same with what was given in place; a value that is not a choice is left out."""
        known = {name: value for name, value in given.items() if value in CHOICES.get(name, ())}
        return replace(self, **known)


USUAL = Preferences()


def read_preferences(cookie: str | None) -> Preferences:
    """The choices in a cookie; whatever is not understood is as usual."""
    if not cookie or len(cookie) > 100:
        return USUAL
    names = [field.name for field in fields(Preferences)]
    return USUAL.with_choices(dict(zip(names, cookie.split("~"), strict=False)))
