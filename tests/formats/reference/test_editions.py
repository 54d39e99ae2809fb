"""Deliveries of files: what each is, which edition it makes, what is refused and why."""

from __future__ import annotations

import gzip
from datetime import date

import pytest

from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.formats.reference.bdpm import rate_of
from dmp.formats.reference.dates import day_in_name, day_in_words, day_of, in_words, newest
from dmp.formats.reference.directories import persons, places
from dmp.formats.reference.faults import FileRefused
from dmp.formats.reference.kept import from_kept_form, kept_form
from tests.formats.reference.published import (
    A_BDPM,
    TODAY,
    a_bdpm,
    a_thesaurus,
    given,
    needs_published,
    published,
    read,
)

NABM = (
    "BIO_PRS_IDE;BIO_INF_LIB;BIO_MAX_EXE;BIO_HIS_DTD\n"
    "0552;GLUCOSE;0;30JUL1997:00:00:00\n1104;HEMOGRAMME;1;14APR2018:00:00:00\n"
)


def only(kind: ReferenceKind, *files: tuple[str, str], edition: date | None = None) -> Content:
    reading = read(*(given(name, text) for name, text in files), edition=edition)
    assert not reading.refusals
    (content,) = reading.contents
    assert content.edition.kind is kind
    return content


def test_the_eight_files_make_one_edition_of_bdpm() -> None:
    reading = read(*a_bdpm())
    (content,) = reading.contents
    assert content.edition.on == date(2026, 5, 2)  # the year 2924 is no day
    assert content.edition.label == "Base de données publique des médicaments, 2 mai 2026"
    assert content.edition.entries == 3
    label = "3 plaquette(s) de 28 comprimé(s)"
    assert content.rows("boxes")[1] == ("3400930000021", "3000002", "60000002", label, "1", "65")
    assert ("60000003", "00005", "ÉPSILINE", "5 mg", "FT", "1") in content.rows("components")


@pytest.mark.parametrize(
    ("written", "rate"), [("65%", "65"), ("65 %", "65"), ("100 %", "100"), ("", "")]
)
def test_rates_are_read_as_they_are_written(written: str, rate: str) -> None:
    assert rate_of(written) == rate


@pytest.mark.parametrize("missing", ["CIS_bdpm", "CIS_CIP_bdpm", "CIS_COMPO_bdpm"])
def test_a_set_without_a_file_that_is_needed_is_refused(missing: str) -> None:
    reading = read(*a_bdpm(**{missing: ""}))
    assert not reading.contents
    assert "missing" in reading.refusals[0]


def test_files_of_two_editions_are_refused() -> None:
    others = A_BDPM["CIS_bdpm.txt"].replace("6000000", "6100000")
    reading = read(*a_bdpm(CIS_bdpm=others))
    assert not reading.contents
    assert "not of one edition" in reading.refusals[0]


def test_a_file_that_lost_its_columns_is_refused() -> None:
    reading = read(*a_bdpm(CIS_CIP_bdpm="60000001\t3000001\n"))
    assert not reading.contents


@pytest.mark.parametrize(
    ("kind", "name", "text", "table", "row"),
    [
        (ReferenceKind.NABM, "x.csv", NABM, "acts", ("552", "GLUCOSE", "")),
        (ReferenceKind.NABM, "x.csv", NABM, "acts", ("1104", "HEMOGRAMME", "1")),
        (
            ReferenceKind.CCAM,
            "c.csv",
            '"CAM_PRS_IDE_COD";"CAM_PRS_IDE_LIB";"CAM_PRS_RGT"\n"ZBQK002";"Radiographie";"ADI"\n',
            "acts",
            ("ZBQK002", "Radiographie", "ADI"),
        ),
        (
            ReferenceKind.LONG_TERM,
            "a.csv",
            "CIM_COD;CIM_LIB;ALD_030_COD\nE11.9;Diabète;8\nJ00;Rhume;0\n",
            "diagnoses",
            ("J00", "Rhume", ""),
        ),
        (
            ReferenceKind.CIM10,
            "i.csv",
            "code,type,ssr,psy,short,long\nE119,0,N,3,DIABETE,Diabète\n",
            "diagnoses",
            ("E119", "Diabète"),
        ),
        (
            ReferenceKind.CIM10,
            "LIBCIM10MULTI.TXT",
            "A00|3|N|3|CHOLERA|Choléra\nA000|0|N|3|CHOLERA 01|Choléra 01\n",
            "diagnoses",
            ("A000", "Choléra 01"),
        ),
        (
            ReferenceKind.LPP,
            "l.csv",
            "LPP_PRS_IDE;LPP_RED_LIB\n1100028;SOLUTION\n",
            "devices",
            ("1100028", "SOLUTION"),
        ),
        (
            ReferenceKind.GHS,
            "g.csv",
            "GHS_GRP_TYP;GHS_NUM;GHS_LIB\nS;308;Hydrocéphalies\nS;308;Autre\n",
            "groups",
            ("308", "Hydrocéphalies"),
        ),
        (
            ReferenceKind.NATURES,
            "n.csv",
            "PRS_NAT;PRS_NAT_CB2;PRS_NAT_LIB\n1110;G;CONSULTATION\n",
            "natures",
            ("1110", "G", "CONSULTATION"),
        ),
        (
            ReferenceKind.SPECIALITIES,
            "s.csv",
            "PFS_SPE_COD;PFS_SPE_LIB\n1;MEDECINE GENERALE\n",
            "specialities",
            ("1", "MEDECINE GENERALE"),
        ),
        (
            ReferenceKind.LOINC,
            "o.csv",
            "Code NABM;Libellé NABM;Code LOINC;Libelle LOINC\n0552;GLUCOSE;2345-7;Glucose\n",
            "alignment",
            ("552", "2345-7", "Glucose"),
        ),
        (
            ReferenceKind.ATC,
            "IR_PHA_R.csv",
            "PHA_CIP_C13;PHA_ATC_CLA;PHA_ATC_LIB\n3400930000014;B01AA03;WARFARINE\n",
            "boxes",
            ("3400930000014", "B01AA03"),
        ),
        (
            ReferenceKind.ATC,
            "OPEN_MEDIC_2023.CSV",
            "ATC1;l_ATC1;ATC2;L_ATC2;ATC5;L_ATC5;CIP13;l_cip13\n"
            "B;SANG;B01;ANTITHROMBOTIQUES;B01AA03;WARFARINE;3400930000014;X\n",
            "labels",
            ("B01", "Antithrombotiques"),
        ),
        (
            ReferenceKind.ATC,
            "atc.csv",
            "code;libelle\nB01;Antithrombotiques\nB01A;Antithrombotiques\n",
            "labels",
            ("B01", "Antithrombotiques"),
        ),
        (
            ReferenceKind.ATC,
            "names.json",
            '{"B01AA03": ["COUMADINE", "warfarine"]}',
            "names",
            ("coumadine", "B01AA03"),
        ),
    ],
)
def test_each_table_is_known_by_its_columns(
    kind: ReferenceKind, name: str, text: str, table: str, row: tuple[str, ...]
) -> None:
    assert row in only(kind, (name, text), edition=TODAY).rows(table)


def test_the_columns_may_stand_in_any_order_and_be_gzipped() -> None:
    text = "bio_inf_lib;x;BIO_PRS_IDE\nGLUCOSE;1;552\n"
    reading = read(given("x.csv.gz", gzip.compress(text.encode())), edition=TODAY)
    assert reading.contents[0].rows("acts") == (("552", "GLUCOSE", ""),)


def test_two_files_of_hospital_units_complete_one_another() -> None:
    content = only(
        ReferenceKind.UCD,
        ("NU_UCD_R.csv", "UCD_UCD_COD;UCD_DSN_LIB\n0000009251092;HUMIRA\n"),
        ("NU_ITE_R.csv", "UCD_UCD_COD;PHA_ATC_CLA\n3400892510921;L04AB04\n"),
        edition=TODAY,
    )
    assert content.rows("units") == (("9251092", "HUMIRA", "L04AB04"),)


def test_the_day_is_what_the_file_says_then_what_is_given_then_its_name() -> None:
    assert only(ReferenceKind.NABM, ("x.csv", NABM), edition=TODAY).edition.on == date(2018, 4, 14)
    undated = "LPP_PRS_IDE;LPP_RED_LIB\n1100028;SOLUTION\n"
    assert only(ReferenceKind.LPP, ("LPP_2024-03.csv", undated), edition=TODAY).edition.on == TODAY
    assert only(ReferenceKind.LPP, ("LPP_2024-03.csv", undated)).edition.on == date(2024, 3, 1)


def test_an_edition_without_a_day_is_refused_and_the_others_are_taken() -> None:
    reading = read(given("x.csv", "PFS_SPE_COD;PFS_SPE_LIB\n1;MEDECINE\n"), given("n.csv", NABM))
    assert "--edition" in reading.refusals[0]
    assert [c.edition.kind for c in reading.contents] == [ReferenceKind.NABM]


def test_what_is_not_known_is_told_and_left_aside() -> None:
    reading = read(
        given("README.md", "# Title\n"), given("a.bin", b"\0\1\2"), given("h.csv", "x;y\n1;2\n")
    )
    assert (reading.contents, reading.refusals) == ([], [])
    assert len(reading.unknown) == 3


def test_codes_of_another_nomenclature_are_refused() -> None:
    reading = read(
        given("x.csv", "BIO_PRS_IDE;BIO_INF_LIB\n552;X\n" + "ZBQK002;X\n" * 20), edition=TODAY
    )
    assert "not of this nomenclature" in reading.refusals[0]


def test_a_row_that_is_cut_is_refused_with_its_line() -> None:
    reading = read(
        given("x.csv", "BIO_PRS_IDE;BIO_INF_LIB;BIO_MAX_EXE\n552;GLUCOSE;1\n1104\n"), edition=TODAY
    )
    assert "line 3" in reading.refusals[0]


def test_the_newer_of_two_editions_of_the_thesaurus_is_taken() -> None:
    later = a_thesaurus(day="3 mars 2025", month="MARS 2025")
    reading = read(given("a.txt", a_thesaurus()), given("b.txt", later))
    assert [content.edition.on for content in reading.contents] == [date(2025, 3, 3)]
    assert reading.contents[0].edition.label == (
        "ANSM, Thésaurus des interactions médicamenteuses, 3 mars 2025"
    )


PERSONS = (
    "Type d'identifiant PP|Identifiant PP|Nouvelle colonne|Nom d'exercice|Prénom d'exercice|Libellé profession|"
    "Libellé savoir-faire|\n"
    "8|99700000011||ESSAI|ALICE|Médecin|Médecine générale|\n"
    "0|123456789||ADELI|BOB|Infirmier||\n"
    "8|99700000022||MODELE|BRUNO|Pharmacien||\n"
)
PLACES = (
    "finess;etalab;95;2026-09-07\nstructureet;010000024;010780054;CH D'ESSAI;CENTRE HOSPITALIER D'ESSAI;"
    ";;900;RTE;DE PARIS;;BP 401;53;01;AIN;01012 BOURG EN BRESSE CEDEX;0;0\ngeolocalisation;010000024;1;2\n"
)


def test_professionals_are_read_by_the_names_of_columns() -> None:
    assert list(persons(given("p.txt", PERSONS))) == [
        ("99700000011", "ALICE ESSAI", "Médecine générale"),
        ("99700000022", "BRUNO MODELE", "Pharmacien"),
    ]


def test_an_extract_without_a_column_is_refused() -> None:
    with pytest.raises(FileRefused, match="columns missing"):
        list(persons(given("p.txt", PERSONS.replace("Prénom d'exercice", "Autre"))))


def test_places_are_read_by_position_with_their_town() -> None:
    assert list(places(given("f.csv", PLACES))) == [
        ("010000024", "CENTRE HOSPITALIER D'ESSAI", "BOURG EN BRESSE")
    ]


def test_directories_are_recognised_and_dated() -> None:
    reading = read(
        given("PS_LibreAcces_Personne_activite_202610220809.txt", PERSONS),
        given("etalab.csv", PLACES),
    )
    assert [(d.edition.kind, d.edition.on) for d in reading.directories] == [
        (ReferenceKind.FINESS, date(2026, 9, 7)),
        (ReferenceKind.RPPS, date(2026, 10, 22)),
    ]


def test_days_are_read_as_they_are_written() -> None:
    assert day_of("18/05/2026") == date(2026, 5, 18)
    assert day_of("01JAN1996:00:00:00") == date(1996, 1, 1)
    assert day_of("2026-02-30") is None
    assert newest(["01/01/2924", "03/02/2020", "31/12/1899", "x"], TODAY) == date(2020, 2, 3)
    assert day_in_words("le 1er août 2024, puis le 2 mai 2025") == date(2024, 8, 1)
    assert in_words(date(2024, 8, 1)) == "1er août 2024"
    assert day_in_name("nabm2loinc_2020.csv") == date(2020, 1, 1)
    assert day_in_name("IR_CCAM_V63.csv") is None


def test_what_is_kept_is_read_again_the_same() -> None:
    tables = {"b": (("1", "é"),), "a": ()}
    assert from_kept_form(kept_form(tables)) == tables
    assert kept_form(tables) == kept_form(dict(reversed(tables.items())))
    with pytest.raises(ValueError, match="form"):
        from_kept_form(b"[1]")


@needs_published
def test_the_published_files_make_every_kind() -> None:
    sizes = {kind.value: content.edition.entries for kind, content in published().items()}
    assert sizes == {
        "bdpm": 20903, "ansm": 1623, "nabm": 1076, "ccam": 8156, "cim10": 42886, "ald": 18331, "atc": 1824,
        "ucd": 1812, "lpp": 19717, "ghs": 3715, "natures": 1348, "specialities": 57, "loinc": 20457,
    }  # fmt: skip
    assert published()[ReferenceKind.BDPM].edition.on == date(2026, 5, 19)
