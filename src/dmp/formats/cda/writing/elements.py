"""Making CDA elements: names of HL7 v3, texts without the characters that XML cannot hold."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from lxml import etree

from dmp.domain.codes import HL7_CONFIDENTIALITY, LOINC, TRE_A02_SPECIALTY, Code
from dmp.formats.cda.document import V3, XSI
from dmp.formats.cda.hl7time import write_instant

TYPE: Final = f"{{{XSI}}}type"
NULL: Final = "nullFlavor"

_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SYSTEM_NAMES: Final = {
    LOINC: "LOINC",
    HL7_CONFIDENTIALITY: "HL7:Confidentiality",
    TRE_A02_SPECIALTY: "TRE_A02",
}


def clean(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    # Nothing that is printable is forbidden, and nearly every text is: five times faster to ask.
    return text if text.isprintable() else _FORBIDDEN.sub("", text)


def add(
    parent: etree._Element, name: str, text: str | None = None, **attributes: str
) -> etree._Element:
    """Append an element of HL7 v3; an attribute with an empty value is left out."""
    element = etree.SubElement(parent, f"{{{V3}}}{name}")
    for key, value in attributes.items():
        if value:
            element.set(key, clean(value))
    if text:
        element.text = clean(text)
    return element


def add_code(parent: etree._Element, name: str, code: Code | None) -> etree._Element:
    """Append a coded value; a nullFlavor for None."""
    if code is None:
        return add(parent, name, nullFlavor="NA")
    return add(
        parent,
        name,
        code=code.code,
        displayName=code.display,
        codeSystem=code.system,
        codeSystemName=_SYSTEM_NAMES.get(code.system, ""),
    )


def add_id(parent: etree._Element, root: str, extension: str, null: str = "UNK") -> etree._Element:
    """Append an identifier; an extension alone is itself the root; the nullFlavor for nothing."""
    if not root and not extension:
        return add(parent, "id", nullFlavor=null)
    return add(parent, "id", root=root or extension, extension=extension if root else "")


def add_templates(parent: etree._Element, templates: tuple[tuple[str, str], ...]) -> None:
    """Append the templateId elements."""
    for root, extension in templates:
        add(parent, "templateId", root=root, extension=extension)


def add_instant(parent: etree._Element, name: str, at: datetime | None) -> etree._Element:
    """Append an instant; a nullFlavor for None."""
    if at is None:
        return add(parent, name, nullFlavor="UNK")
    return add(parent, name, value=write_instant(at))


def add_period(
    parent: etree._Element, start: datetime | None, stop: datetime | None, null: str = "UNK"
) -> etree._Element:
    """Append an effectiveTime from `start` to `stop`, of which only what is known is written."""
    time = add(parent, "effectiveTime")
    if start is None and stop is None:
        time.set(NULL, null)
    if start is not None:
        add_instant(time, "low", start)
    if stop is not None:
        add_instant(time, "high", stop)
    return time
