"""Elements of SVG as markup: every value escaped, geometry in attributes, colours by class.

No `style` attribute: the content security policy refuses it.

Source: SVG 2; WAI-ARIA Graphics (an informative figure has `role=img` and a label).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from markupsafe import Markup, escape

Value = str | int | float


def element(name: str, *children: Markup | str, **attributes: Value) -> Markup:
    """One element. `class_` is `class`, other underscores become hyphens; texts are escaped."""
    # Text by text, and markup once: a page has hundreds of elements. Names are written by us alone, at every
    # place that calls; numbers hold nothing to escape.
    said = "".join(
        f' {_name(key)}="{_escaped(value) if isinstance(value, str) else written(value)}"'
        for key, value in attributes.items()
    )
    inner = "".join(map(_escaped, children))
    whole = f"<{name}{said}>{inner}</{name}>" if inner else f"<{name}{said}/>"
    return Markup(whole)  # noqa: S704  # every part is escaped above


def figure(
    width: float, height: float, label: str, *children: Markup | str, class_: str = "fig"
) -> Markup:
    """A whole figure that says its content in `label`; drawn at its size, smaller where there is less room."""
    return _drawn(f'role="img" aria-label="{escape(label)}"', width, height, children, class_)


def decoration(width: float, height: float, *children: Markup | str, class_: str = "fig") -> Markup:
    """A figure that says nothing that does not stand beside it in words."""
    return _drawn('aria-hidden="true"', width, height, children, class_)


def _drawn(
    said: str, width: float, height: float, children: Iterable[Markup | str], class_: str
) -> Markup:
    w, h = written(width), written(height)
    inner = "".join(map(_escaped, children))
    end = f">{inner}</svg>" if inner else "/>"
    # The label is escaped by whoever calls, the children here.
    return Markup(  # noqa: S704  # escaped, see above
        f'<svg class="{escape(class_)}" {said} width="{w}" height="{h}" viewBox="0 0 {w} {h}"{end}'
    )


def text(x: float, y: float, words: str, class_: str = "fig-text", anchor: str = "start") -> Markup:
    """Words in a figure."""
    return element("text", words, x=x, y=y, class_=class_, text_anchor=anchor)


def points(pairs: Iterable[tuple[float, float]]) -> str:
    """Coordinates of a line, each as `written`: as one text, since a page has hundreds of them."""
    said = " ".join([f"{x:.1f},{y:.1f}" for x, y in pairs]) + " "
    return said.replace(".0,", ",").replace(".0 ", " ")[:-1]


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _escaped(child: Markup | str) -> str:
    """A child as markup: what is markup already is taken as it is, without a call."""
    return child if type(child) is Markup else escape(child)


def written(value: Value) -> str:
    """A number as a coordinate: with one decimal, unless it is nought."""
    if isinstance(value, float):
        figures = f"{value:.1f}"
        return figures[:-2] if figures.endswith(".0") else figures
    return str(value)
