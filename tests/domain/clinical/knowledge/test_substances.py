"""Names of substances brought to the terms of the thesaurus."""

from __future__ import annotations

import pytest

from dmp.domain.clinical.knowledge.assembly import terms_of
from dmp.domain.clinical.knowledge.products.substances import SubstanceTerms, bare
from dmp.domain.clinical.knowledge.spelling import normalised
from tests.formats.reference.published import needs_published, published, rows_of

TERMS = SubstanceTerms(
    {
        "warfarine", "acide valproique", "lithium", "insuline", "acide acetylsalicylique", "fer", "trinitrine",
        "hydrocortisone", "amlodipine", "tenofovir disoproxil", "cholecalciferol", "sodium bicarbonate de",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("WARFARINE SODIQUE", "warfarine"),
        ("VALPROATE DE SODIUM", "acide valproique"),
        ("DIVALPROATE DE SODIUM", "acide valproique"),
        ("VALPROÏQUE (ACIDE)", "acide valproique"),
        ("CARBONATE DE LITHIUM", "lithium"),
        ("INSULINE ASPARTE ISOPHANE BIPHASIQUE", "insuline"),
        ("ACÉTYLSALICYLATE DE DL-LYSINE", "acide acetylsalicylique"),
        ("SULFATE FERREUX HEPTAHYDRATÉ", "fer"),
        ("TRINITRINE", "trinitrine"),
        ("TRINITRATE DE GLYCÉRYLE", "trinitrine"),
        ("HYDROCORTISONE (HÉMISUCCINATE SODIQUE D')", "hydrocortisone"),
        ("BÉSYLATE D'AMLODIPINE", "amlodipine"),
        ("FUMARATE DE TÉNOFOVIR DISOPROXIL", "tenofovir disoproxil"),
        ("COLÉCALCIFÉROL", "cholecalciferol"),
        ("BICARBONATE DE SODIUM", "sodium bicarbonate de"),
        ("LÉVÉTIRACÉTAM", None),
        ("INSULINOÏDE", None),
    ],
)
def test_names_reach_their_term(name: str, term: str | None) -> None:
    assert TERMS.of(name) == term


def test_what_the_thesaurus_does_not_name_keeps_the_name_of_its_molecule() -> None:
    assert bare("CHLORHYDRATE DE LÉTROZOLE MONOHYDRATÉ") == "letrozole"


def test_names_are_spelled_one_way() -> None:
    assert normalised("BÊTA-BLOQUANTS (SAUF ESMOLOL) (Y COMPRIS COLLYRES)") == (
        "beta-bloquants sauf esmolol y compris collyres"
    )
    assert normalised("Angio-Œdème d’origine gastro- intestinale") == (
        "angio-oedeme d'origine gastro-intestinale"
    )


@needs_published
def test_the_names_of_bdpm_agree_with_an_independent_mapping() -> None:
    """Where it found a term, ours finds the same; ours finds more (besylates, glyceryl trinitrate...)."""
    terms = SubstanceTerms(terms_of(published()))
    rows = [
        r
        for r in rows_of("drugs/derived/bdpm_substance_to_thesaurus.csv.gz")
        if r["method"] != "none"
    ]
    same = sum(terms.of(row["bdpm_substance"]) == row["thesaurus_substance"] for row in rows)
    assert same / len(rows) > 0.995
