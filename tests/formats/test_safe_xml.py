"""The one XML parser against hostile and merely odd input."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from dmp.domain.errors import Reason, Refused
from dmp.formats import safe_xml


def refusal(content: bytes, limit: int = safe_xml.MAX_OCTETS) -> Refused:
    with pytest.raises(Refused) as caught:
        safe_xml.parse(content, limit=limit)
    return caught.value


def laughs(place: str) -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{("&l" + str(n - 1) + ";") * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE r [<!ENTITY l0 "ha">{entities}]>{place}'.encode()


ATTACKS = {
    "file": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>',
    "network": b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]><r>&x;</r>',
    "parameter entity": b'<!DOCTYPE r [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x">%x;]><r/>',
    "billion laughs": laughs("<r>&l9;</r>"),
    "billion laughs in an attribute": laughs('<r a="&l9;"/>'),
    "quadratic": b'<!DOCTYPE r [<!ENTITY x "'
    + b"x" * 50_000
    + b'">]><r>'
    + b"&x;" * 9000
    + b"</r>",
    "external document type": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/r.dtd"><r/>',
    "public document type": b'<!DOCTYPE r PUBLIC "-//X//Y" "http://127.0.0.1:9/r.dtd"><r/>',
    "harmless document type": b"<!DOCTYPE r><r/>",
    "after a declaration": b'<?xml version="1.0"?>\n<!-- x --><?pi x?>\r\n<!DOCTYPE r><r/>',
    "after a mark": b"\xef\xbb\xbf<!DOCTYPE r><r/>",
    "in UTF-16": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE r><r/>'.encode("utf-16"),
    "in ISO-8859-1": b'<?xml version="1.0" encoding="ISO-8859-1"?><!DOCTYPE r><r/>',
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_every_document_type_is_refused(attack: bytes) -> None:
    found = refusal(attack)
    assert found.reason is Reason.CONTENT_DANGEROUS
    assert found.values["detail"] == "document type declaration"


def test_a_document_type_is_refused_in_front_of_a_very_large_text() -> None:
    large = b"<!DOCTYPE r [<!ENTITY x 'y'>]><r>" + b"QUJD" * 3_000_000 + b"</r>"
    assert refusal(large).reason is Reason.CONTENT_DANGEROUS


def test_nothing_is_fetched_or_included(tmp_path: Path) -> None:
    asked: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

    secret = tmp_path / "secret"
    secret.write_text("a secret of this machine")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        content = (
            f'<?xml-stylesheet type="text/xsl" href="{url}/style.xsl"?>'
            f'<r xmlns:xi="http://www.w3.org/2001/XInclude" '
            f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
            f'xsi:schemaLocation="urn:x {url}/schema.xsd">'
            f'<xi:include href="{secret.as_uri()}" parse="text"/><xi:include href="{url}/x"/></r>'
        )
        root = safe_xml.parse(content.encode())
        server.shutdown()
        serving.join()
    assert asked == []
    assert b"a secret" not in etree.tostring(root)
    assert [child.tag for child in root] == ["{http://www.w3.org/2001/XInclude}include"] * 2


def test_a_comment_may_speak_of_document_types() -> None:
    assert safe_xml.parse(b"<!-- <!DOCTYPE x> --><r><![CDATA[<!DOCTYPE y>]]></r>").tag == "r"


BOMBS = {
    "deep": b"<a>" * 300 + b"</a>" * 300,
    "very deep": b"<a>" * 100_000 + b"</a>" * 100_000,
    "deep beside a large text": b"<a>" * 300 + b"x" * 9_500_000 + b"</a>" * 300,
    "attributes of one element": b"<a " + b" ".join(b'a%d=""' % n for n in range(40_000)) + b"/>",
    "elements": b"<r>" + b"<a/>" * 1_000_001 + b"</r>",
    "namespaces": b"<r " + b" ".join(b'xmlns:a%d="u"' % n for n in range(50_001)) + b"/>",
    "attributes": b"<r>" + b'<a b="" c="" d="" e=""/>' * 600_000 + b"</r>",
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_what_makes_a_large_tree_of_a_small_message_is_refused(bomb: bytes) -> None:
    assert refusal(bomb).reason is Reason.CONTENT_DANGEROUS


def test_a_text_of_more_than_ten_megabytes_is_read() -> None:
    text = b"QUJD" * 3_000_000
    assert safe_xml.parse(b"<r><t>" + text + b"</t></r>").findtext("t") == text.decode()


def test_the_limit_of_size_comes_before_the_parse() -> None:
    content = b"<r>" + b"x" * 100 + b"</r>"
    assert safe_xml.parse(content, limit=len(content)).tag == "r"
    found = refusal(content, limit=len(content) - 1)
    assert found.reason is Reason.CONTENT_TOO_LARGE
    assert found.values == {"size": str(len(content)), "limit": str(len(content) - 1)}


DECLARED = '<?xml version="1.0" encoding="{}"?><r>é €</r>'
READABLE = {
    "UTF-8": DECLARED.format("UTF-8").encode(),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + DECLARED.format("utf-8").encode(),
    "UTF-8 undeclared": "<r>é €</r>".encode(),
    "blanks before the declaration": b" \r\n\t" + DECLARED.format("UTF-8").encode(),
    "UTF-16": DECLARED.format("UTF-16").encode("utf-16"),
    "UTF-16, big end first": b"\xfe\xff" + DECLARED.format("UTF-16").encode("utf-16-be"),
    "ISO-8859-15": DECLARED.format("ISO-8859-15").encode("iso-8859-15"),
    "Windows-1252": DECLARED.format("windows-1252").encode("cp1252"),
}


@pytest.mark.parametrize("content", READABLE.values(), ids=READABLE.keys())
def test_the_encodings_of_the_field_are_read(content: bytes) -> None:
    assert safe_xml.parse(content).text == "é €"


UNREADABLE = {
    "another encoding": b'<?xml version="1.0" encoding="UTF-7"?><r/>',
    "EBCDIC": '<?xml version="1.0"?><r/>'.encode("cp500"),
    "UTF-16 without its mark": "<r/>".encode("utf-16-le"),
    "UTF-16 in name only": b'<?xml version="1.0" encoding="UTF-16"?><r/>',
    "half a UTF-16 character": "<r/>".encode("utf-16") + b"x",
    "ISO-8859-1 sent as UTF-8": "<r>é</r>".encode("iso-8859-1"),
    "not closed": b"<r><s></r>",
    "two roots": b"<r/><r/>",
    "unknown entity": b"<r>&nbsp;</r>",
    "not XML": b"%PDF-1.7",
    "undeclared prefix": b"<x:r/>",
    "endless comment": b"<!-- <r/>",
    "NUL": b"<r>........\0</r>",
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_is_said_so(content: bytes) -> None:
    assert refusal(content).reason is Reason.CONTENT_UNREADABLE


@pytest.mark.parametrize("content", [b"", b" \r\n", b"\xef\xbb\xbf"])
def test_nothing_is_not_a_document(content: bytes) -> None:
    assert refusal(content).reason is Reason.CONTENT_EMPTY


def test_a_refusal_never_quotes_the_document() -> None:
    found = refusal(b"<patient><name>DURAND-SECRET</nom></patient>")
    assert "SECRET" not in found.sentence
    assert "name" not in found.values["detail"]
    assert "line 1" in found.sentence


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(noise: bytes) -> None:
    try:
        safe_xml.parse(noise)
    except Refused as found:
        assert found.reason in (
            Reason.CONTENT_UNREADABLE, Reason.CONTENT_EMPTY, Reason.CONTENT_DANGEROUS,
        )  # fmt: skip
