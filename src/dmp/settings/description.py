"""One setting: how it is described, and how its text in the environment is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


class SettingInvalid(ValueError):
    """A setting cannot be used; the text names it and says what to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """How one setting is documented. `shown_default` replaces a default that is computed, `least` bounds a
    number.
    """

    name: str
    group: str
    meaning: str
    unit: str = ""
    shown_default: str = ""
    secret: bool = False
    least: int = 1


def setting(
    name: str,
    default: object,
    group: str,
    meaning: str,
    *,
    unit: str = "",
    shown_default: str = "",
    secret: bool = False,
    least: int = 1,
) -> Any:
    """A field of `Settings` with its default and its description."""
    described = Description(
        name=name,
        group=group,
        meaning=meaning,
        unit=unit,
        shown_default=shown_default,
        secret=secret,
        least=least,
    )
    return field(default=default, metadata={"description": described}, repr=not secret)


_YES, _NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def read(text: str, default: object, described: Description) -> object:
    """The value of a text, of the type of the default. Raises SettingInvalid."""
    match default:
        case bool():
            if text.lower() not in _YES | _NO:
                raise SettingInvalid(f"{described.name} must be true or false.")
            return text.lower() in _YES
        case int():
            if not (text.isascii() and text.isdigit()) or int(text) < described.least:
                unit = f" of {described.unit}" if described.unit else ""
                above = " or 0" if described.least == 0 else " above 0"
                raise SettingInvalid(f"{described.name} must be a whole number{unit}{above}.")
            return int(text)
        case Path():
            return Path(text).expanduser().absolute()
        case _:
            return text
