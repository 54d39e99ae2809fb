"""Forms: read within bounds, refused when they come from elsewhere, answered once.

A form that is too large is read on without being kept, up to a bound, so that the page can answer
with what was typed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from urllib.parse import parse_qsl

from python_multipart.multipart import parse_options_header
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request

from dmp.domain.errors import Reason, Refused

FORM_OCTETS = 64 * 1024
MAX_FIELDS = 200
MAX_FIELD_LENGTH = 4000
MAX_FILES = 2
"""A form may offer a file or a photo; an empty choice counts as one."""
DRAINED = 3
"""How many times the limit is read on, unkept, before the connection is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file that came with a form."""

    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Form:
    """The fields of a submitted form: texts trimmed, files apart. `is_too_large`: the file was cut."""

    fields: dict[str, list[str]]
    files: dict[str, Upload]
    is_too_large: bool = False

    def text(self, name: str) -> str:
        """The value of a field, empty when it was not sent."""
        return next(iter(self.fields.get(name, ())), "")

    def texts(self, name: str) -> list[str]:
        """Every value of a repeated field, in order."""
        return self.fields.get(name, [])

    def checked(self, name: str) -> bool:
        """Whether a box was ticked."""
        return self.text(name) == "oui"


def named_in(request: Request) -> str:
    """Whom the address names, for the token of its forms: a record, a patient, a person at the counter."""
    parts = request.path_params
    return next((str(parts[name]) for name in ("record", "patient", "person") if name in parts), "")


def came_from_elsewhere(request: Request, origin: str) -> bool:
    """Whether a browser says that a form was sent by another site's page."""
    site = request.headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return True
    sent_by = request.headers.get("origin")
    return sent_by is not None and sent_by != origin


class _Bounded:
    """The body of a request, at most `limit` octets of it passed on.

    `closing` is passed on in place of the rest, so that the parser ends the part it is in.
    """

    def __init__(self, request: Request, limit: int, closing: bytes = b"") -> None:
        self._request = request
        self._limit = limit
        self._closing = closing
        self.is_too_large = False

    async def stream(self) -> AsyncGenerator[bytes, None]:
        read = 0
        async for chunk in self._request.stream():
            room = self._limit - read
            read += len(chunk)
            if room > 0:
                yield chunk[:room]
            if read > self._limit and not self.is_too_large:
                self.is_too_large = True
                yield self._closing
            if read > self._limit * DRAINED:
                return


async def read_form(request: Request, *, file_octets: int = 0) -> Form:
    """Read a form. `file_octets` is the largest file; 0 takes none.

    Raises:
        Refused: REQUEST_MALFORMED, REQUEST_TOO_LARGE.
    """
    limit = FORM_OCTETS + file_octets
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    body = _Bounded(request, limit, b"\r\n--" + options.get(b"boundary", b"") + b"--\r\n")
    try:
        if kind == b"application/x-www-form-urlencoded":
            pairs = await _urlencoded(body)
            form = Form(_gathered(pairs), {})
        elif kind == b"multipart/form-data" and file_octets:
            form = await _multipart(request, body, file_octets)
        else:
            raise Refused(Reason.REQUEST_MALFORMED, detail="formulaire inattendu")
    except (MultiPartException, UnicodeDecodeError, ValueError):
        raise Refused(Reason.REQUEST_MALFORMED, detail="formulaire illisible") from None
    except ClientDisconnect:
        raise Refused(Reason.REQUEST_MALFORMED, detail="envoi interrompu") from None
    if body.is_too_large and not file_octets:
        raise Refused(Reason.REQUEST_TOO_LARGE, limit=FORM_OCTETS)
    form.is_too_large = form.is_too_large or body.is_too_large
    return form


async def _urlencoded(body: _Bounded) -> list[tuple[str, str]]:
    raw = b"".join([chunk async for chunk in body.stream()])
    return parse_qsl(raw.decode(), keep_blank_values=True, max_num_fields=MAX_FIELDS)


async def _multipart(request: Request, body: _Bounded, file_octets: int) -> Form:
    parser = MultiPartParser(
        request.headers,
        body.stream(),
        max_files=MAX_FILES,
        max_fields=MAX_FIELDS,
        max_part_size=FORM_OCTETS,
    )
    data: FormData = await parser.parse()
    try:
        pairs = [(name, value) for name, value in data.multi_items() if isinstance(value, str)]
        form = Form(_gathered(pairs), {})
        for name, value in data.multi_items():
            if not isinstance(value, UploadFile) or not value.filename:
                continue
            if (value.size or 0) > file_octets:
                form.is_too_large = True
                continue
            form.files[name] = Upload(
                name=value.filename,
                content_type=value.content_type or "",
                content=await value.read(),
            )
        return form
    finally:
        await data.close()


def _gathered(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        text = value.replace("\r\n", "\n").replace("\x00", "").strip()
        fields.setdefault(name, []).append(text[:MAX_FIELD_LENGTH])
    return fields
