"""From what a document is made of to its format code: `template_formats.csv`.

Source: ASS_A11-CorresModeleCDA-XdsFormatCode-CISIS; IHE XDS-SD for level 1 documents.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from dmp.domain.codes import Code
from dmp.domain.tables import table
from dmp.domain.value_sets import FORMAT_CODE, value_set

OUTSIDE_PROFILES = "urn:asipSante:modelesHorsProfils:2011"
"""The format of a structured document that follows no known content model."""


@cache
def _formats() -> dict[tuple[str, str], Code]:
    found: dict[tuple[str, str], Code] = {}
    for row in table("dmp.domain.documents", "template_formats.csv").rows:
        code = value_set(FORMAT_CODE).find(row["format"])
        if code is None:
            raise ValueError(f"template_formats.csv: {row['format']} is not in the value set")
        found[row["template_id"], row["body_media_type"]] = code
    return found


@cache
def _by_media_type() -> dict[str, Code]:
    return {media_type: code for (_, media_type), code in _formats().items() if media_type}


def format_of(template_ids: Iterable[str], body_media_type: str) -> Code | None:
    """The format code of a document.

    Args:
        template_ids: the roots of the `templateId` of a CDA; none for a plain PDF.
        body_media_type: the media type that a level 1 body carries, or of the plain document;
            empty for a structured body.

    Returns:
        None when the body has a media type that no format describes. A structured body of a model
        without a row has the format "outside profiles".
    """
    if body_media_type:
        return _by_media_type().get(body_media_type.partition(";")[0].strip().lower())
    known = [_formats()[root, ""] for root in template_ids if (root, "") in _formats()]
    # The most particular model is named last by the producers, the CI-SIS model beside the IHE one.
    return known[-1] if known else value_set(FORMAT_CODE).find(OUTSIDE_PROFILES)
