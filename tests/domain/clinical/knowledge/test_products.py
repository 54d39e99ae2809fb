"""From codes and names to medicines, on an invented base; and on the published one when it is at hand."""

from __future__ import annotations

from functools import cache

import pytest

from dmp.domain.clinical.knowledge.assembly import knowledge_of
from dmp.domain.clinical.knowledge.contents import Content
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.imaging_acts import imaging_act
from dmp.domain.clinical.knowledge.knowledge import UNKNOWN_LABEL, Knowledge
from dmp.domain.clinical.knowledge.products.catalogue import Catalogue
from dmp.domain.clinical.knowledge.products.propagation import Composition, propagated
from dmp.domain.codes import Code
from tests.formats.reference.published import (
    a_bdpm,
    a_thesaurus,
    given,
    needs_published,
    published,
    read,
    rows_of,
)

ANY = "1.2.3"


@cache
def invented() -> Knowledge:
    reading = read(
        *a_bdpm(),
        given("t.txt", a_thesaurus()),
        given(
            "ucd_2025.csv",
            "UCD_UCD_COD;UCD_DSN_LIB;PHA_ATC_CLA\n9000001;ALPHAZOLE 5 MG INJ;B01AA03\n",
        ),
        given("atc_2025.csv", "code;libelle\nB01A;Antithrombotiques\nB01AA03;Alphazole\n"),
    )
    assert not reading.refusals
    contents: dict[ReferenceKind, Content] = {c.edition.kind: c for c in reading.contents}
    return knowledge_of(contents)


def code(value: str) -> Code:
    return Code(code=value, system=ANY)


def test_a_box_is_found_with_its_product_units_and_code() -> None:
    medicine = invented().medicines.by_cip13("3400930000021")
    assert medicine is not None
    assert (medicine.key, medicine.substances, medicine.routes) == (
        "60000002",
        ("alphazole",),
        ("orale",),
    )
    assert (medicine.units, medicine.atc, medicine.atc_method) == (84, "B01AA03", "group")


def test_a_complex_of_two_molecules_has_both() -> None:
    medicine = invented().medicines.by_cip13("3400930000038")
    assert medicine is not None
    assert medicine.substances == ("epsiline", "gammaline")
    assert medicine.units is None


@pytest.mark.parametrize(
    ("codes", "label", "key"),
    [
        (("3400930000014",), "", "60000001"),
        (("3000001",), "", "60000001"),
        (("60000003",), "", "60000003"),
        (("B01AA03", "60000003"), "", "60000003"),
        (("3400890000016",), "", "ucd:9000001"),
        (("0000009000001",), "", "ucd:9000001"),
        (("9000001",), "", "ucd:9000001"),
        (("B01AA03",), "", "atc:B01AA03"),
        ((), "Alphadol 20 mg", "60000001"),
        ((), "ALPHADOL, un par jour", "60000001"),
        ((), "Alphazole 40 mg, comprimé", "atc:B01AA03"),
        ((), "Gammaline/épsiline 5 mg", "substance:gammaline+epsiline"),
        ((), "Gammaline + zouzou 5 mg", None),
        ((), "Bonjour", None),
        (("12345",), "", None),
    ],
)
def test_a_medicine_is_found_by_any_of_its_codes_else_by_its_name(
    codes: tuple[str, ...], label: str, key: str | None
) -> None:
    found = invented().medicines.by_codes([code(one) for one in codes], label)
    assert (found.key if found is not None else None) == key


def test_an_atc_code_brings_the_substances_it_stands_for() -> None:
    found = invented().medicines.by_codes([code("B01AA03")], "Un nom inconnu")
    assert found is not None
    assert (found.name, found.substances) == ("Un nom inconnu", ("alphazole",))


def test_labels_that_are_not_known_are_said_so() -> None:
    knowledge = invented()
    assert knowledge.medicines.atc_label("B01A") == "Antithrombotiques"
    assert knowledge.medicines.atc_label("Z99") == ""
    assert knowledge.label(ReferenceKind.UCD, "9000001") == "ALPHAZOLE 5 MG INJ"
    assert knowledge.label(ReferenceKind.UCD, "9999999") == UNKNOWN_LABEL
    assert knowledge.label(ReferenceKind.GHS, "1") == UNKNOWN_LABEL
    assert knowledge.cited(ReferenceKind.ANSM) == (
        "ANSM, Thésaurus des interactions médicamenteuses, 15 septembre 2023"
    )


def test_classes_are_known_by_substance() -> None:
    classes = invented().thesaurus.classes_of
    assert classes["epsiline"] == {"gammalines sauf deltaline"}


def made(*, dose: str = "1 mg", substance: str = "1", routes: str = "orale") -> Composition:
    return Composition(
        doses=frozenset({(substance, dose)}),
        codes=frozenset({substance}),
        names=frozenset({substance}),
        routes=routes,
    )


def test_the_surest_way_to_a_code_is_taken() -> None:
    found = propagated(
        official={"1": "B01AA03", "2": "B01AC06", "9": "C01"},
        insurer={"1": "B01AA07"},
        groups={"1": "g", "3": "g"},
        compositions={
            "2": made(dose="75 mg"),
            "4": made(dose="75 mg"),
            "5": made(dose="500 mg"),
            "6": made(routes="cutanee"),
        },
        brands={"6": "D01AC02", "2": "X"},
    )
    assert {cis: (one.atc, one.method) for cis, one in found.items()} == {
        "1": ("B01AA07", "insurer"),
        "2": ("B01AC06", "official"),
        "3": ("B01AA07", "group"),
        "4": ("B01AC06", "composition"),
        "5": ("B01AC06", "composition"),
        "6": ("D01AC02", "brand"),
        "9": ("C01", "official"),
    }


def test_no_code_is_taken_where_like_products_disagree() -> None:
    compositions = {cis: made() for cis in ("1", "2", "3")}
    found = propagated(
        official={"1": "B01AC06", "2": "N02BA01"},
        insurer={},
        groups={},
        compositions=compositions,
        brands={},
    )
    assert "3" not in found


@cache
def real() -> Knowledge:
    return knowledge_of(published())


@needs_published
def test_nearly_every_reimbursed_product_has_a_code_and_it_is_the_right_one() -> None:
    boxes = published()[ReferenceKind.BDPM].rows("boxes")
    medicines = real().medicines
    assert isinstance(medicines, Catalogue)
    reimbursed = {cis for _, _, cis, _, marketed, rate in boxes if marketed and rate and cis}
    found = medicines.products.medicines
    coded = sum(bool(found[cis].atc) for cis in reimbursed if cis in found)
    assert coded / len(reimbursed) >= 0.97
    known = {row["cis"]: row["atc"] for row in rows_of("drugs/derived/cis_to_atc.csv.gz")}
    both = [m for cis, m in medicines.products.medicines.items() if m.atc and cis in known]
    assert sum(m.atc == known[m.key] for m in both) / len(both) > 0.99


@needs_published
def test_codes_that_are_hidden_are_found_again_by_the_group_and_the_composition() -> None:
    """A tenth of the official codes taken away: those found again are right."""
    content = published()[ReferenceKind.BDPM]
    official = content.rows("official")
    kept = tuple(row for number, row in enumerate(official) if number % 10)
    hidden = {row[0]: row[1] for number, row in enumerate(official) if number % 10 == 0}
    less = Content(edition=content.edition, tables={**content.tables, "official": kept})
    ansm = published()[ReferenceKind.ANSM]
    medicines = knowledge_of({ReferenceKind.ANSM: ansm, ReferenceKind.BDPM: less}).medicines
    assert isinstance(medicines, Catalogue)
    for method, least in (("group", 0.99), ("composition", 0.95)):
        found = [
            m.atc == hidden[cis]
            for cis, m in medicines.products.medicines.items()
            if cis in hidden and m.atc_method == method
        ]
        assert len(found) > 50
        assert sum(found) / len(found) >= least


@needs_published
def test_the_chain_from_the_box_to_the_substances_is_the_proved_one() -> None:
    for row in rows_of("drugs/derived/chain_proof.csv"):
        for side in "ab":
            medicine = real().medicines.by_cip13(row[f"cip13_{side}"])
            assert medicine is not None
            assert sorted(medicine.substances) == sorted(row[f"substances_{side}"].split("+"))
            assert row[f"atc_{side}"] in ("", medicine.atc)


@needs_published
def test_names_of_prescriptions_are_understood() -> None:
    medicines = real().medicines
    for label, substances, atc in (
        ("Sacubitril/valsartan 49/51 mg, comprimé", {"sacubitril", "valsartan"}, "C09DX04"),
        ("Insuline glargine 100 UI/mL", {"insuline"}, "A10AE04"),
        ("Kardégic 75 mg", {"acide acetylsalicylique"}, "B01AC06"),
        (
            "Amoxicilline/acide clavulanique 1 g/125 mg",
            {"amoxicilline", "acide clavulanique"},
            "J01CR02",
        ),
    ):
        found = medicines.by_codes((), label)
        assert found is not None
        assert (set(found.substances), found.atc) == (substances, atc)


@needs_published
def test_imaging_acts_agree_with_an_independent_derivation() -> None:
    rows = [
        r for r in rows_of("imaging/ccam_v63_imaging_acts.csv") if r["dicom_modality"] != "none"
    ]
    imaging = real().imaging
    same = sum(imaging[row["ccam"]].modality == row["dicom_modality"] for row in rows)
    assert same / len(rows) > 0.98
    assert sum(bool(imaging[row["ccam"]].region) for row in rows) / len(rows) > 0.85
    assert imaging["ZBQH001"].region == imaging["ZBQK001"].region == "thorax"
    assert "DEQP003" not in imaging


def test_imaging_is_known_without_a_group_by_code_and_label() -> None:
    chest = imaging_act("ZBQK002", "Radiographie du thorax", "")
    assert chest is not None and (chest.modality, chest.region) == ("DX", "thorax")
    fundus = imaging_act("BGQP007", "Rétinographie en couleur", "")
    assert fundus is not None and fundus.modality == "OP"
    for code, label in (
        ("DEQP003", "Électrocardiographie sur au moins 12 dérivations"),
        ("HEQJ001", "Échoendoscopie œsogastrique sans biopsie"),
        ("EQQH001", "Mesure et enregistrement des pressions du cœur droit"),
        ("HHFA001", "Appendicectomie, par abord de la fosse iliaque"),
    ):
        assert imaging_act(code, label, "") is None
    assert imaging_act("ZBQK002", "Radiographie du thorax", "ATM") is None


@needs_published
def test_imaging_without_groups_is_that_of_the_groups_but_for_a_few() -> None:
    acts = published()[ReferenceKind.CCAM].rows("acts")
    grouped = {code for code, label, group in acts if imaging_act(code, label, group)}
    bare = {code for code, label, _ in acts if imaging_act(code, label, "")}
    assert len(bare - grouped) <= 2
    supplements = {code for code in grouped if code.startswith("YYYY")}
    assert len(grouped & bare) / len(grouped - supplements) > 0.94
