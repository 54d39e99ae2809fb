"""What every answer says about itself: nothing foreign runs, nothing private is kept.

Source: ux rules of the project, "policy"; RFC 6266 and 8187 (names of downloads).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from starlette.responses import Response

PAGE_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; worker-src 'self'; manifest-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types dmp"
)
FILE_POLICY = "default-src 'none'; frame-ancestors 'self'; sandbox"
# The viewer of the browser does not start in a sandbox; a PDF is checked when it is deposited.
PDF_POLICY = (
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"
)


def protect(response: Response, *, policy: str, is_secure: bool, private: bool) -> None:
    """Set the headers of one answer. `private` answers are kept nowhere."""
    headers = response.headers
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    if private:
        headers["Cache-Control"] = "no-store"
    else:
        headers["Vary"] = "Cookie"  # the language and the look of pages stand in a cookie
    if is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"


_UNSAFE = re.compile(r'[\x00-\x1f\x7f"\\/:*?<>|%;=\u2028\u2029\u202a-\u202e\u2066-\u2069]+')


def file_name(title: str, extension: str) -> str:
    """A name for a download made from a title: no path, no control or direction character."""
    stem = _UNSAFE.sub(" ", title)
    stem = " ".join(stem.split()).strip(". ")[:80] or "document"
    return f"{stem}.{extension}"


def disposition(kind: str, name: str) -> str:
    """Value of Content-Disposition for `inline` or `attachment`, in ASCII and in UTF-8."""
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "") or "document"
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
