"""The thesaurus: read as it is printed, refused when its two sides do not agree."""

from __future__ import annotations

from datetime import date

import pytest

from dmp.domain.clinical.knowledge.contents import Row
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.faults import FileRefused
from dmp.formats.reference.thesaurus.pdf_layout import layout_of
from dmp.formats.reference.thesaurus.printed import joined, levels_of, read_headings
from dmp.formats.reference.thesaurus.reading import looks_like_thesaurus, read_thesaurus
from tests.formats.reference.published import (
    THESAURUS,
    a_thesaurus,
    given,
    given_file,
    needs_published,
    published,
    read,
    rows_of,
)


def test_an_edition_is_read_with_its_day_pairs_and_classes() -> None:
    found = read_thesaurus("t", a_thesaurus())
    assert (found.on, found.headings, found.classes, found.pairs) == (date(2023, 9, 15), 3, 1, 3)
    assert found.agreement == 1
    first, second, others = found.tables["pairs"]
    assert first == (
        "alphazole", "betamycine", "ALPHAZOLE", "BÊTAMYCINE", "PE",
        "Le mécanisme est écrit sur deux lignes, avec un mot coupé anti-inflammatoire.",
        "Surveiller :\n- le premier point\n- le second point", "",
    )  # fmt: skip
    assert second[1] == "gammalines sauf deltaline"
    assert second[4:7] == ("CI-PE", "Un autre mécanisme.", "Contre-indication :\n- à forte dose")
    assert others[:2] == ("gammalines sauf deltaline", "gammalines sauf deltaline")
    assert others[4:] == ("APEC", "Les effets s'ajoutent.", "", "1")


def test_members_are_those_of_the_last_list_with_their_brackets() -> None:
    heading = read_headings(a_thesaurus())[2]
    assert heading.members == ("gammaline", "gammaline (sel de)", "epsiline", "zêtaline")


def test_a_list_that_is_never_closed_ends_at_the_blank_line() -> None:
    text = a_thesaurus().replace(" zêtaline)", " zêtaline")
    assert read_headings(text)[2].members[-1] == "zêtaline"


def test_the_day_is_the_first_of_the_month_when_no_day_is_printed() -> None:
    assert read_thesaurus("t", a_thesaurus(day="")).on == date(2023, 9, 1)


@pytest.mark.parametrize(
    ("printed", "levels"),
    [
        ("CONTRE-INDICATION", ("CI",)),
        ("Association DECONSEILLEE", ("ASDEC",)),
        ("Précaution d’emploi", ("PE",)),
        ("A prendre en compte", ("APEC",)),
        ("CI - ASDEC - APEC", ("CI", "ASDEC", "APEC")),
        ("Surveillance clinique", ()),
    ],
)
def test_levels_are_those_printed_in_their_order(printed: str, levels: tuple[str, ...]) -> None:
    assert levels_of(printed) == levels


def test_a_word_cut_at_the_end_of_a_line_is_whole_again() -> None:
    assert joined(["réaction gastro-", "intestinale :", "- un", "- deux", "", "Fin."]) == (
        "réaction gastro-intestinale :\n- un\n- deux\nFin."
    )


def test_one_side_of_another_level_is_refused_with_the_figure() -> None:
    text = a_thesaurus().replace("Précaution d'emploi", "CONTRE-INDICATION", 1)
    with pytest.raises(FileRefused, match=r"only 50\.0 %"):
        read_thesaurus("t", text)


def test_a_text_that_is_cut_is_refused() -> None:
    with pytest.raises(FileRefused, match="printed alike"):
        read_thesaurus("t", a_thesaurus().partition("GAMMALINES (SAUF DELTALINE)\n Une")[0])


def test_a_text_without_its_layout_is_refused() -> None:
    flat = "\n".join(line.strip() for line in a_thesaurus().split("\n"))
    with pytest.raises(FileRefused):
        read_thesaurus("t", flat)


def test_a_level_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(FileRefused, match="no readable level"):
        read_thesaurus("t", a_thesaurus(level="Prudence"))


def test_another_pdf_is_refused() -> None:
    reading = read(given("x.pdf", b"%PDF-1.4\nnothing"))
    assert not reading.contents
    assert "unreadable PDF" in reading.refusals[0]


def test_our_own_tables_make_the_same_rows() -> None:
    found = read_thesaurus("t", a_thesaurus())
    pairs = "a;b;levels;mechanism;conduct\n" + "".join(
        f'{r[2]};{r[3]};{r[4]};"{r[5]}";"{r[6]}"\n' for r in found.tables["pairs"]
    )
    members = "class;member\n" + "".join(f"{c};{m}\n" for c, m in found.tables["members"])
    reading = read(
        given("pairs.csv", pairs), given("members.csv", members), edition=date(2023, 9, 15)
    )
    (content,) = reading.contents
    assert content.rows("pairs") == found.tables["pairs"]
    assert content.rows("members") == found.tables["members"]


def test_pairs_without_the_members_of_classes_are_refused() -> None:
    reading = read(given("pairs.csv", "a;b;levels;mechanism;conduct\nX;Y;CI;m;c\n"))
    assert "both" in reading.refusals[0]


@needs_published
def test_the_published_edition_is_read_whole() -> None:
    text = given_file(THESAURUS / "thesaurus-septembre-2023.layout.txt.gz").text()
    assert looks_like_thesaurus(text)
    found = read_thesaurus("t", text)
    assert (found.headings, found.classes, found.pairs) == (616, 172, 1623)
    assert found.on == date(2023, 9, 15)
    assert found.agreement > 0.995


@needs_published
def test_every_pair_is_that_of_an_independent_reading_word_for_word() -> None:
    found: dict[frozenset[str], list[Row]] = {}
    for row in published()[ReferenceKind.ANSM].rows("pairs"):
        found.setdefault(frozenset(row[2:4]), []).append(row)
    known = rows_of("drugs/thesaurus-2023-09/interactions.csv.gz")
    assert len(known) == 1623
    for pair in known:
        rows = found[frozenset((pair["a"], pair["b"]))]
        printed = [(r[4], _dense(r[5]), _dense(r[6])) for r in rows]
        assert (pair["levels"], _dense(pair["mechanism"]), _dense(pair["conduct"])) in printed


def _dense(text: str) -> str:
    return "".join(text.split())


@needs_published
@pytest.mark.slow
def test_the_pdf_says_the_same_as_its_text() -> None:
    content = (THESAURUS / "thesaurus_ansm_2023.pdf").read_bytes()
    from_pdf = read_thesaurus("p", layout_of("p", content))
    from_text = read_thesaurus(
        "t", given_file(THESAURUS / "thesaurus-septembre-2023.layout.txt.gz").text()
    )
    assert from_pdf.on == from_text.on
    assert set(from_pdf.tables["pairs"]) == set(from_text.tables["pairs"])
    assert from_pdf.tables["members"] == from_text.tables["members"]
