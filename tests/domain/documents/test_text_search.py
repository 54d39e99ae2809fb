"""The search inside documents: folding, what is asked, spelling, ranking, excerpts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dmp.domain.documents.text.asked import MAX_CLAUSES, MAX_TYPED, Pattern, asked
from dmp.domain.documents.text.excerpts import LENGTH, MOST, Excerpt, beginning, excerpts
from dmp.domain.documents.text.readable import MAX_CHARACTERS, OE, fold, readable
from dmp.domain.documents.text.search import (
    Found,
    Searched,
    parts_of_title,
    search,
    shown_of,
)
from dmp.domain.documents.text.spelling import corrections, distance, edits_allowed
from dmp.domain.documents.text.synonyms import longest_expression, synonyms
from dmp.domain.tables import table
from tests.builders import NOW, an_entry


def _documents(*texts: str, titles: Sequence[str] = ()) -> list[Searched]:
    """Documents with these texts, the first one the newest."""
    return [
        Searched(
            an_entry(
                title=titles[number] if titles else "Document",
                service_start=NOW - timedelta(days=number),
            ),
            lambda text=text: text,  # type: ignore[misc] # bound now
        )
        for number, text in enumerate(texts)
    ]


def _order(found: Found, documents: Sequence[Searched]) -> list[int]:
    return [documents.index(hit.document) for hit in found.hits]


def _found(words: str, *texts: str, titles: Sequence[str] = ()) -> list[int]:
    documents = _documents(*texts, titles=titles)
    return _order(search(asked(words), documents), documents)


def _written(excerpt: Excerpt) -> str:
    return "".join(f"[{p.text}]" if p.is_hit else p.text for p in excerpt.parts)


# --- The folded form ---------------------------------------------------------------------------


@given(st.text())
def test_the_folded_form_has_the_length_of_the_text(text: str) -> None:
    folded = fold(text)
    assert len(folded) == len(text)
    assert fold(folded) == folded


@given(st.text())
def test_every_character_is_folded_by_itself(text: str) -> None:
    assert fold(text) == "".join(fold(character) for character in text)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Hémoglobine A1c", "hemoglobine a1c"),
        ("L’ÉTAT, à 9 µg/L", "l etat  a 9 µg l"),
        ("œdème", f"{OE}deme"),
        ("9 μg", "9 µg"),
        ("Dvořák", "dvorak"),
        ("m²", "m2"),
        ("β-bloquant", "  bloquant"),
    ],
)
def test_accents_and_case_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_text_is_made_readable() -> None:
    assert readable("Hémo\u00ad\nglobine\u00a0 :\t13 ").shown == "Hémoglobine : 13"
    assert readable("e\u0301te\u0301").shown == "été"
    assert readable("ﬁèvre\r\n\n \nﬂux\x00\ud800").shown == "fièvre\nflux"
    assert len(readable("mot " * MAX_CHARACTERS).shown) == MAX_CHARACTERS


@given(st.text(max_size=300))
def test_what_is_readable_stays_as_it_is_and_can_be_stored(text: str) -> None:
    shown = readable(text).shown
    assert readable(shown).shown == shown
    assert shown.encode("utf-8").decode("utf-8") == shown


# --- What is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "clauses"),
    [
        ("ferritine 2024", ["ferritine", "2024"]),
        ("ma ferritine de 2024", ["ferritine", "2024"]),
        ('"fer sérique" bas', ["fer serique", "bas"]),
        ("« fer sérique » bas", ["fer serique", "bas"]),
        ("l’insuline", ["insuline"]),
        ("5,2", ["5 2"]),
        ("covid-19", ["covid 19"]),
        ("de la", ["de", "la"]),
        ('"de la"', ["de la"]),
        ("tension artérielle élevée", ["tension arterielle", "elevee"]),
        ('bilan "non fermé', ["bilan", "non", "ferme"]),
        ('"" «» !?', []),
    ],
)
def test_words_and_phrases_become_clauses(typed: str, clauses: list[str]) -> None:
    assert [clause.typed for clause in asked(typed).clauses] == clauses


@given(st.text(max_size=400))
def test_whatever_is_typed_is_bounded(typed: str) -> None:
    wanted = asked(typed)
    assert len(wanted.clauses) <= MAX_CLAUSES
    assert asked(typed[:MAX_TYPED]) == wanted


def test_a_word_of_three_letters_is_found_as_the_beginning_of_another() -> None:
    assert _found("gly", "Glycémie", "Triglycérides") == [0]
    assert _found("fe", "Ferritine", "Dosage du Fe") == [1]
    assert _found("emie", "Glycémie") == []


def test_the_words_of_a_phrase_stand_next_to_one_another() -> None:
    assert _found('"glycémie à jeun"', "Glycémie à jeun", "À jeun, la glycémie") == [0]
    assert _found('"ferritine 45"', "Ferritine · 45 · µg/L") == [0]
    assert _found("5,2", "CRP 5,2", "CRP 5 et 2", "CRP 5.25", "CRP 15,2") == [0]


def test_all_words_must_be_there() -> None:
    assert _found("ferritine basse", "Ferritine basse", "Ferritine", "Basse") == [0]


def test_oe_is_found_however_it_is_written() -> None:
    for words in ("oedème", "œdème", "ŒDEME", '"oedème du membre"', '"œdème du membre"'):
        assert _found(words, "Œdème du membre", "Oedème du membre", "Edème") in ([0, 1], [1, 0])


def test_the_heading_is_searched_too() -> None:
    written = an_entry(service_start=datetime(2024, 2, 29, 23, 30, tzinfo=UTC))
    documents = [Searched(written, lambda: "Ferritine")]
    for words in ("vasseur", "lilas", "consultation", "ferritine 2024", "01/03/2024", "mars"):
        assert _order(search(asked(words), documents), documents) == [0], words
    assert search(asked("février"), documents).hits == ()


# --- Synonyms ----------------------------------------------------------------------------------


def test_the_table_of_synonyms_is_well_formed() -> None:
    rows = table("dmp.domain.documents.text", "synonyms.csv").rows
    assert len(rows) > 60
    for row in rows:
        terms = [term.strip() for term in row["terms"].split(";")]
        assert len(terms) >= 2, row
        assert len({fold(term) for term in terms}) == len(terms), row
        assert all(fold(term).strip() for term in terms), row


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("ferritine", "Fer sérique : 12"),
        ("fer sérique", "Ferritine : 12"),
        ("DFG", "Débit de filtration glomérulaire estimé"),
        ("débit de filtration glomérulaire", "DFG 48"),
        ("TA", "Tension artérielle : 13/8"),
        ("tension artérielle", "TA 13/8"),
        ("HbA1c", "Hémoglobine glyquée 7,2 %"),
        ("potassium", "Kaliémie 5,4"),
        ("lithium", "Lithiémie 0,7"),
        ("PNN", "Polynucléaires neutrophiles : 4,2"),
        ("irm cérébrale", "Imagerie par résonance magnétique cérébrale"),
    ],
)
def test_another_way_to_say_it_is_found(typed: str, text: str) -> None:
    assert _found(typed, text, "Autre chose") == [0]


def test_a_medicine_is_found_by_the_names_that_reference_data_know() -> None:
    def names(word: str) -> tuple[str, ...]:
        return ("apixaban",) if word == "eliquis" else ()

    documents = _documents("Apixaban 5 mg matin et soir", "Autre chose")
    assert asked("Eliquis", names).others == ("apixaban",)
    assert _order(search(asked("Eliquis", names), documents), documents) == [0]
    assert search(asked("Eliquis"), documents).hits == ()
    assert asked('"Eliquis"', names).others == (), "a phrase is taken as it is typed"
    assert asked("ferritine", lambda _: ("x",)).others == ("fer sérique", "ferritinémie")


def test_an_abbreviation_among_the_synonyms_is_a_whole_word() -> None:
    assert _found("tension artérielle", "Tabac", "Tachycardie", "Le TA") == [2]


def test_a_phrase_is_taken_as_it_is_typed() -> None:
    assert asked('"ferritine"').others == ()
    assert _found('"ferritine"', "Fer sérique") == []
    assert asked("ferritine").others == ("fer sérique", "ferritinémie")


def test_the_longest_expression_is_taken() -> None:
    words = fold("hémoglobine glyquée du matin").split()
    length, others = longest_expression(words)
    assert length == 2
    assert "HbA1c" in others
    assert longest_expression(["rien"]) == (0, ())
    assert synonyms(("rien",)) == ()


# --- Spelling ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "edits"), [("fer", 0), ("bila", 0), ("bilan", 1), ("glycemie", 1), ("ferritine", 2), ("b12345", 0)]
)  # fmt: skip
def test_longer_words_may_be_further_off(word: str, edits: int) -> None:
    assert edits_allowed(word) == edits


@pytest.mark.parametrize(
    ("word", "near"),
    [
        ("feritine", ("ferritine",)),
        ("ferrytine", ("ferritine",)),
        ("ferritnie", ("ferritine",)),
        ("fertine", ()),
        ("scnaner", ("scanner",)),
        ("bilna", ("bilan",)),
        ("bln", ()),
    ],
)
def test_the_word_that_was_meant_is_near(word: str, near: tuple[str, ...]) -> None:
    assert corrections(word, ["ferritine", "scanner", "bilan", "bloc"]) == near


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_the_distance_is_symmetric_and_bounded(one: str, other: str) -> None:
    whole = distance(one, other, 20)
    assert whole == distance(other, one, 20)
    assert abs(len(one) - len(other)) <= whole <= max(len(one), len(other))
    assert (whole == 0) == (one == other)
    assert distance(one, other, 2) == min(whole, 3)


@given(st.text("abcdefgh", min_size=5, max_size=14), st.data())
def test_no_word_within_the_edits_is_missed(word: str, data: st.DataObject) -> None:
    """The pieces by which words are sorted out never leave out a near one."""
    other = list(word)
    for _ in range(edits_allowed(word)):
        at = data.draw(st.integers(0, len(other) - 2))
        match data.draw(st.integers(0, 3)):
            case 0:
                del other[at]
            case 1:
                other.insert(at, "z")
            case 2:
                other[at] = "z"
            case _:
                other[at], other[at + 1] = other[at + 1], other[at]
    candidate = "".join(other)
    if distance(word, candidate, 2) <= edits_allowed(word):
        assert corrections(word, [candidate]) == (candidate,)


def test_another_spelling_is_tried_only_when_nothing_is_found() -> None:
    documents = _documents("Ferritine 45", "Feritine mal écrite")
    exact = search(asked("feritine"), documents)
    assert _order(exact, documents) == [1]
    assert exact.corrections == ()
    wrong = search(asked("ferrittine"), documents[:1])
    assert _order(wrong, documents) == [0]
    assert [(one.typed, one.tried) for one in wrong.corrections] == [("ferrittine", ("ferritine",))]


def test_a_correction_brings_its_synonyms() -> None:
    documents = _documents("Fer sérique : 12")
    found = search(asked("feritine"), documents)
    assert _order(found, documents) == [0]
    assert found.asked.others == ("fer sérique", "ferritinémie")


def test_a_word_that_is_there_is_not_corrected() -> None:
    """All words exist, in different documents: nothing is guessed."""
    found = search(asked("ferritine scanner"), _documents("Ferritine", "Scanner"))
    assert found.hits == ()
    assert found.corrections == ()


# --- The order ---------------------------------------------------------------------------------


def test_titles_come_first_then_what_is_typed_then_often_then_new() -> None:
    texts = ("Ferritine", "Ferritine, ferritine", "Fer sérique " * 5, "Rien", "Ferritine")
    titles = ("Bilan", "Bilan", "Bilan", "Ferritine", "Bilan")
    assert _found("ferritine", *texts, titles=titles) == [3, 1, 0, 4, 2]


def test_a_document_without_text_is_found_by_its_title() -> None:
    assert _found("radiographie", "", titles=("Radiographie du genou",)) == [0]


# --- Excerpts ----------------------------------------------------------------------------------


def test_an_excerpt_shows_the_value_beside_the_word() -> None:
    text = "BIOCHIMIE\n" + "Fer · 12\n" * 40 + "Ferritine · 45 · µg/L · 30 à 300\n" + "Zinc\n" * 90
    [excerpt] = shown_of(asked("ferritine"), text)
    assert _written(excerpt).startswith("[Ferritine] · 45 · µg/L · 30 à 300")
    assert excerpt.begins_inside
    assert excerpt.ends_inside


def test_two_excerpts_show_two_words_far_apart() -> None:
    text = "Ferritine basse. " + "Suite du texte. " * 50 + "Glycémie haute."
    shown = [_written(one) for one in shown_of(asked("glycémie ferritine"), text)]
    assert len(shown) == 2
    assert "[Ferritine] basse" in shown[0]
    assert "[Glycémie] haute" in shown[1]


def test_what_is_in_the_title_alone_shows_the_beginning() -> None:
    assert [_written(one) for one in shown_of(asked("radio"), "Pas de lésion.")] == [
        "Pas de lésion."
    ]
    assert shown_of(asked("radio"), "") == ()
    assert beginning("") is None


def test_a_title_is_marked() -> None:
    parts = parts_of_title(asked("ferritine bilan"), "Bilan : ferritine")
    assert [(p.text, p.is_hit) for p in parts] == [
        ("Bilan", True), (" : ", False), ("ferritine", True),
    ]  # fmt: skip


WORDS = st.lists(
    st.sampled_from(["ferritine", "à", "45", "µg/L", "élevée\n", "œdème", "x" * 60, "·"]),
    max_size=120,
)


@given(WORDS)
def test_excerpts_never_cut_a_word_and_are_short(words: list[str]) -> None:
    text = readable(" ".join(words)).shown
    whole = set(text.split())
    found = shown_of(asked("ferritine œdème"), text)
    assert len(found) <= MOST
    for excerpt in found:
        written = "".join(part.text for part in excerpt.parts)
        assert set(written.split()) <= whole
        assert len(written) <= LENGTH + 80 + 60
        for part in excerpt.parts:
            if part.is_hit:
                assert fold(part.text) in ("ferritine", fold("œdème"))


@given(WORDS, st.integers(0, 200), st.integers(0, 30))
def test_any_spans_make_excerpts_of_the_text(words: list[str], start: int, length: int) -> None:
    text = readable(" ".join(words)).shown
    end = min(start + length, len(text))
    spans = [((start, end), 0)] if start < end else []
    for excerpt in excerpts(text, spans):
        assert "".join(part.text for part in excerpt.parts) in text.replace("\n", " ")


def test_a_pattern_finds_where_it_stands() -> None:
    text = " ferritine et ferritines "
    assert list(Pattern(("ferritine",)).spans(text)) == [(0, 9), (13, 23)]
    assert list(Pattern(("ferritine",), is_prefix=False).spans(text)) == [(0, 9)]


def _word_by_word(text: str) -> str:
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


@given(st.text(alphabet="abé’œ≥ \xa0\n", max_size=60))
def test_a_usual_text_is_made_readable_as_it_would_be_word_by_word(text: str) -> None:
    assert readable(text).shown == _word_by_word(text)


def test_a_sign_out_of_the_usual_does_not_change_what_stands_around_it() -> None:
    assert readable("Glycémie  ’\u2028 5,1\n\n e\u0301ti").shown == "Glycémie ’ 5,1\néti"
