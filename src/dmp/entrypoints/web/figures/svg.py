"""Elements of SVG as markup: every value escaped, geometry in attributes, colours by class.

No `style` attribute: the content security policy refuses it.

Source: SVG 2; WAI-ARIA Graphics (an informative figure has `role=img` and a label).
"""

from __future__ import annotations

from functools import cache

from markupsafe import Markup, escape

Value = str | int | float


def element(name: str, *children: Markup | str, **attributes: Value) -> Markup:
    """One element. `class_` is `class`, other underscores become hyphens; texts are escaped."""
    # Text by text, and markup once: a page has hundreds of elements. Names are written by us alone, at every
    # place that calls; numbers hold nothing to escape.
    said = "".join(
        f' {_name(key)}="{escape(value) if isinstance(value, str) else _written(value)}"'
        for key, value in attributes.items()
    )
    inner = "".join(escape(child) for child in children)
    whole = f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"
    return Markup(whole)  # noqa: S704  # every part is escaped above


def figure(
    width: float, height: float, label: str, *children: Markup, class_: str = "fig"
) -> Markup:
    """A whole figure that says its content in `label`; drawn at its size, smaller where there is less room."""
    return element(
        "svg",
        *children,
        class_=class_,
        role="img",
        aria_label=label,
        width=width,
        height=height,
        viewBox=f"0 0 {_written(width)} {_written(height)}",
    )


def decoration(width: float, height: float, *children: Markup, class_: str = "fig") -> Markup:
    """A figure that says nothing that does not stand beside it in words."""
    return element(
        "svg",
        *children,
        class_=class_,
        aria_hidden="true",
        width=width,
        height=height,
        viewBox=f"0 0 {_written(width)} {_written(height)}",
    )


def text(x: float, y: float, words: str, class_: str = "fig-text", anchor: str = "start") -> Markup:
    """Words in a figure."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def points(pairs: list[tuple[float, float]]) -> str:
    """Coordinates of a line."""
    return " ".join(f"{_written(x)},{_written(y)}" for x, y in pairs)


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _written(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".rstrip("0").rstrip(".")
    return str(value)
