"""Typed values put back into the form of a page that was just rendered: a pure change of its text.

Only the tags of fields are written anew; everything else of the page stays letter for letter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser

_KEPT_INPUTS = frozenset({"file", "submit", "button", "image", "reset", "password"})
_TICKED = frozenset({"radio", "checkbox"})
_PLACE = '<main id="contenu" tabindex="-1">'


def refilled(page: str, address: str, fields: Mapping[str, Sequence[str]], said: str) -> str | None:
    """The page with `fields` in its form sent to `address`, and `said` at its head.

    None when the page has no such form, so that nothing can be put back.
    """
    work = _Refilling(address, fields)
    work.feed(page)
    work.close()
    if not work.found:
        return None
    text = "".join(work.written)
    message = f'<div class="width"><div class="message watch" role="status"><p>{escape(said)}</p></div></div>'
    return text.replace(_PLACE, _PLACE + message, 1)


class _Refilling(HTMLParser):
    """Copies a page, and writes the fields of one form anew."""

    def __init__(self, address: str, fields: Mapping[str, Sequence[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.written: list[str] = []
        self.found = False
        self._address = address
        self._fields = fields
        self._seen: dict[str, int] = {}
        self._inside = False
        self._select: str | None = None
        self._in_area = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag, changed where it is a field of the form."""
        raw = self.get_starttag_text() or ""
        values = dict(attrs)
        if tag == "form":
            action = (values.get("action") or self._address).partition("?")[0]
            mine = (values.get("method") or "").lower() == "post" and action == self._address
            self._inside = mine
            self.found |= mine
        elif self._inside and tag == "input":
            raw = self._input(raw, values, attrs)
        elif self._inside and tag == "select":
            self._select = values.get("name")
        elif self._inside and tag == "option" and self._select in self._fields:
            chosen = (values.get("value") or "") in self._fields[self._select or ""]
            raw = _tag(tag, [one for one in attrs if one[0] != "selected"], "selected", on=chosen)
        self.written.append(raw)
        if self._inside and tag == "textarea" and values.get("name") in self._fields:
            self.written.append("\n" + escape(self._next(values["name"] or "")))
            self._in_area = True

    def _input(self, raw: str, values: dict[str, str | None], attrs: _Attributes) -> str:
        name, kind = values.get("name") or "", (values.get("type") or "text").lower()
        if kind in _KEPT_INPUTS or not name or name in ("jeton", "cle"):
            return raw
        if kind in _TICKED:
            if kind == "radio" and name not in self._fields:
                return raw
            on = (values.get("value") or "on") in self._fields.get(name, ())
            return _tag("input", [one for one in attrs if one[0] != "checked"], "checked", on=on)
        if name not in self._fields:
            return raw
        value = self._next(name)
        # A day that no calendar knows stays as it was typed, in a plain field.
        kept = [(key, text) for key, text in attrs if key != "value"]
        return _tag("input", [*kept, ("value", value)])

    def _next(self, name: str) -> str:
        """The next value of a repeated field."""
        at = self._seen.get(name, 0)
        self._seen[name] = at + 1
        texts = self._fields[name]
        return texts[at] if at < len(texts) else ""

    def handle_endtag(self, tag: str) -> None:
        """Write the end of a tag."""
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._select = None
        elif tag == "textarea":
            self._in_area = False
        self.written.append(f"</{tag}>")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a tag that closes itself, as in a figure."""
        self.written.append(self.get_starttag_text() or "")

    def handle_data(self, data: str) -> None:
        """Write text; that of a refilled area is replaced."""
        if not self._in_area:
            self.written.append(data)

    def handle_entityref(self, name: str) -> None:
        """Write a named character as it stands."""
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        """Write a numbered character as it stands."""
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        """Write a comment."""
        self.written.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        """Write the kind of the document."""
        self.written.append(f"<!{decl}>")


_Attributes = list[tuple[str, str | None]]


def _tag(tag: str, attrs: _Attributes, flag: str = "", *, on: bool = False) -> str:
    written = [name if value is None else f'{name}="{escape(value)}"' for name, value in attrs]
    if flag and on:
        written.append(flag)
    return f"<{' '.join([tag, *written])}>"
