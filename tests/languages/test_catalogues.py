"""The catalogues of the languages are whole, say what the pages say, and take the same names."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from string import Formatter

import pytest

from dmp.entrypoints.web import wording
from dmp.locale import (
    LANGUAGES,
    catalogue,
    plural,
    sentence,
    speak,
    spoken,
    translate,
    unbroken,
    word,
)
from tests.languages.collected import collected, missing, obsolete
from tests.languages.simplicity import hard, said_to_holders, simple

OTHERS = [code for code in LANGUAGES if code != "fr"]


def test_every_sentence_of_the_pages_has_its_english() -> None:
    assert missing("en") == []


def test_what_holders_read_is_simple_in_the_simplified_version() -> None:
    assert [msgid for msgid in said_to_holders() if hard(simple(msgid))] == []


@pytest.mark.parametrize("language", OTHERS)
def test_no_sentence_is_left_over(language: str) -> None:
    assert obsolete(language) == []


def _names(text: str) -> set[str]:
    percent = set(re.findall(r"%\((\w+)\)[sd]", text))
    if percent:
        return percent
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_takes_no_name_that_the_sentence_has_not(language: str) -> None:
    french = catalogue()
    wrong = {
        msgid: text
        for msgid, text in catalogue(language).items()
        if not _names(text) <= _names(french.get(msgid, msgid))
        or ("%(" in msgid and re.search(r"%(?![(%])", text))
    }
    assert wrong == {}


def test_a_translation_keeps_every_name_that_the_sentence_has() -> None:
    """The simplified version may leave a detail out; English says all of it."""
    french = catalogue()
    lost = [
        msgid
        for msgid, text in catalogue("en").items()
        if _names(text) != _names(french.get(msgid, msgid))
    ]
    assert lost == []


def test_english_typography_has_no_french_spaces() -> None:
    wrong = [t for t in catalogue("en").values() if re.search(r"\w [:;!?](\s|$)", t)]
    assert wrong == []


@pytest.mark.parametrize("language", ["fr", "fr_SIMPLE"])
def test_no_french_sentence_breaks_before_a_sign_of_punctuation(language: str) -> None:
    with speak(language):
        said = [sentence(msgid) for msgid in collected()]
    assert [one for one in said if re.search(r"\S [:;?!»]|« ", one)] == []
    assert any("\u202f?" in one for one in said) and any("«\u00a0" in one for one in said)


def test_only_the_spaces_of_french_punctuation_are_others() -> None:
    written = "Pourquoi ? « Oui » : 5 % à 12:30 ; voir https://dmp.test/?a=b!"
    said = "Pourquoi\u202f? «\u00a0Oui\u00a0»\u00a0: 5 % à 12:30\u202f; voir https://dmp.test/?a=b!"
    assert unbroken(written) == said == unbroken(said)


def test_what_people_typed_keeps_its_spaces() -> None:
    assert sentence("Ordonnance : le genou droit ?") == "Ordonnance : le genou droit ?"
    asked = translate("Le document {title} est-il lu ?", title="Bilan : fer")
    assert "Bilan : fer" in asked
    with speak("en"):
        assert sentence("Que cherchez-vous ?") == "What are you looking for?"


def test_a_language_lasts_as_long_as_its_block() -> None:
    with speak("en"):
        assert spoken().tag == "en"
        assert word("state", "open") == "open"
        assert plural("%(num)d document", "%(num)d documents", 0) == "%(num)d documents"
        with speak("fr_SIMPLE"):
            assert spoken().tag == "fr"
        assert translate("Documents") == "Documents"
        assert translate("Avis") == "Notices"
    assert word("state", "open") == "ouvert"
    assert plural("%(num)d document", "%(num)d documents", 0) == "%(num)d document"


def test_what_no_catalogue_has_is_said_in_french() -> None:
    with speak("en"):
        assert (
            translate("Une phrase que personne n’a traduite")
            == "Une phrase que personne n’a traduite"
        )
    with speak("fr_SIMPLE"):
        assert word("state", "open") == "ouvert"


def test_dates_and_numbers_follow_the_language() -> None:
    at = datetime(2026, 3, 12, 13, 5, tzinfo=UTC)
    assert wording.day(date(2026, 3, 12)) == "12\u00a0mars\u00a02026"
    with speak("en"):
        assert wording.day(date(2026, 3, 12)) == "12\u00a0March\u00a02026"
        assert wording.moment(at) == "12\u00a0March\u00a02026 at\u00a014:05"
        assert wording.measure(7.9) == "7.9"
        assert wording.size(240_000) == "240\u00a0kB"
        assert wording.age(date(1951, 3, 14), at) == "74\u00a0years"
    assert wording.measure(7.9) == "7,9"
    assert wording.size(1_500_000) == "1,5\u00a0Mo"


def test_the_collection_finds_what_templates_and_views_say() -> None:
    found = collected()
    assert "templates/layout.html" in found["Aller au contenu"]
    assert "holder/documents.py" in found["Documents"]
    assert "dmp.po" in found["reason.record-closed"]
