"""The pack shipped with the project: whole, coherent, and true to what is published where that is at hand."""

from __future__ import annotations

from functools import cache

from dmp.domain.clinical.knowledge.assembly import knowledge_of, terms_of
from dmp.domain.clinical.knowledge.editions import ReferenceKind
from dmp.domain.clinical.knowledge.knowledge import UNKNOWN_LABEL, Knowledge
from dmp.domain.clinical.knowledge.pack.shipped import shipped
from dmp.domain.clinical.knowledge.products.catalogue import Catalogue
from dmp.domain.clinical.knowledge.spelling import normalised
from dmp.domain.tables import table
from tests.formats.reference.published import needs_published, published

CODES = "dmp.remote.simulated.claims.codes"
CHAIN = {
    "3400935693099": ("B01AA03", ("warfarine",)),
    "3400934744198": ("B01AC06", ("acide acetylsalicylique",)),
    "3400932197040": ("J01EE01", ("sulfamethoxazole", "trimethoprime")),
    "3400930467879": ("N02CA52", ("cafeine", "ergotamine")),
    "3400931376330": ("N05AN01", ("lithium",)),
    "3400930037911": ("C09DX04", ("sacubitril", "valsartan")),
}


@cache
def pack() -> Knowledge:
    return knowledge_of(shipped())


def test_the_chain_goes_from_the_box_to_the_substances_and_the_code() -> None:
    for cip13, (atc, substances) in CHAIN.items():
        medicine = pack().medicines.by_cip13(cip13)
        assert medicine is not None
        assert (medicine.atc, medicine.substances, medicine.atc_method) == (
            atc,
            substances,
            "official",
        )


def test_every_code_of_the_generated_claims_is_known() -> None:
    for row in table(CODES, "medicines.csv").rows:
        medicine = pack().medicines.by_cip13(row["cip13"])
        assert medicine is not None, row["cip13"]
        assert medicine.atc == row["atc"]
        assert medicine.units is None or medicine.units == float(row["units"])
        assert pack().medicines.atc_label(medicine.atc), medicine.atc
        assert pack().medicines.atc_label(medicine.atc[:3]), medicine.atc
    for name, column, kind in (
        ("biology.csv", "nabm", ReferenceKind.NABM),
        ("procedures.csv", "ccam", ReferenceKind.CCAM),
        ("devices.csv", "lpp", ReferenceKind.LPP),
        ("stays.csv", "ghs", ReferenceKind.GHS),
        ("conditions.csv", "cim10", ReferenceKind.CIM10),
        ("natures.csv", "nature", ReferenceKind.NATURES),
    ):
        for row in table(CODES, name).rows:
            assert pack().label(kind, row[column]) != UNKNOWN_LABEL, row[column]
    for row in table(CODES, "natures.csv").rows:
        assert pack().letter_of[row["nature"]] == row["letter"]
    for row in table(CODES, "conditions.csv").rows:
        assert pack().long_term_of[row["cim10"]] == row["ald"]


def test_imaging_of_the_pack_has_modality_and_region() -> None:
    imaging = pack().imaging
    assert {act.modality for act in imaging.values()} >= {"CT", "MR", "DX", "US", "MG", "BMD"}
    assert all(act.region for act in imaging.values())


def test_pairs_name_classes_or_substances_that_are_there() -> None:
    thesaurus = pack().thesaurus
    classes = {term for terms in thesaurus.classes_of.values() for term in terms}
    for pair in thesaurus.pairs:
        assert pair.others is (pair.a_term == pair.b_term)
        assert pair.a_term in classes or " " not in pair.a_term or pair.a_term.startswith("acide ")
    named = terms_of(shipped())
    assert {"warfarine", "methotrexate", "miconazole"} <= named


def test_texts_are_short_and_cited_as_ours() -> None:
    assert pack().cited(ReferenceKind.ANSM) == (
        "Extrait de démonstration, d'après le thésaurus ANSM de septembre 2023"
    )
    assert all(len(p.mechanism) <= 100 and len(p.conduct) <= 240 for p in pack().thesaurus.pairs)


def test_rules_are_whole() -> None:
    rules, follow_up = pack().redundancy, pack().follow_up
    assert len(rules) == 32
    ids = [*(rule.rule_id for rule in rules), *(rule.rule_id for rule in follow_up)]
    assert len(set(ids)) == len(ids)
    assert all([*(rule.source for rule in rules), *(rule.source for rule in follow_up)])
    assert {rule.state for rule in rules} == {"cited", "to verify", "team default"}
    assert sum(rule.rule_id.startswith("E") for rule in follow_up) == 20
    for rule in follow_up:
        assert rule.done_by, rule.rule_id
        assert rule.from_months < rule.to_months, rule.rule_id


def test_vaccines_and_acts_of_the_follow_up_are_written_as_the_rules_read_them() -> None:
    for rule in pack().follow_up:
        for word in rule.done_by:
            kind, _, code = word.partition(":")
            assert kind in {"atc", "loinc", "nabm", "ccam", "ngap"}, word
            if kind in {"nabm", "ccam"}:
                label = pack().label(ReferenceKind(kind), code)
                assert label != UNKNOWN_LABEL, word


def test_medicines_of_the_stories_are_found_by_name() -> None:
    for label, atc in (
        ("Ramipril 2,5 mg, comprimé", "C09AA05"),
        ("Cholécalciférol 50 000 UI, ampoule", "A11CC05"),
        ("Lévothyroxine 75 microgrammes, comprimé", "H03AA01"),
        ("Budésonide/formotérol 200/6, poudre pour inhalation", "R03AK07"),
    ):
        found = pack().medicines.by_codes((), label)
        assert found is not None
        assert found.atc == atc


@needs_published
def test_levels_and_classes_of_the_pack_are_those_of_the_published_edition() -> None:
    printed: dict[frozenset[str], set[tuple[str, str]]] = {}
    for row in published()[ReferenceKind.ANSM].rows("pairs"):
        printed.setdefault(frozenset(row[:2]), set()).add((row[4], row[7]))
    for row in shipped()[ReferenceKind.ANSM].rows("pairs"):
        assert (row[4], row[7]) in printed[frozenset(row[:2])], row[:2]
    members = set(published()[ReferenceKind.ANSM].rows("members"))
    assert not set(shipped()[ReferenceKind.ANSM].rows("members")) - members


@needs_published
def test_texts_of_the_pack_are_not_those_of_ansm() -> None:
    theirs = {
        normalised(text)
        for row in published()[ReferenceKind.ANSM].rows("pairs")
        for text in (row[5], *row[6].split("\n"))
        if len(text) > 50
    }
    ours = {normalised(t) for r in shipped()[ReferenceKind.ANSM].rows("pairs") for t in r[5:7] if t}
    assert not ours & theirs


@needs_published
def test_boxes_of_the_pack_are_those_of_the_published_base() -> None:
    theirs = knowledge_of(published()).medicines
    assert isinstance(theirs, Catalogue)
    for cip13, _, cis, *_ in shipped()[ReferenceKind.BDPM].rows("boxes"):
        found, own = theirs.by_cip13(cip13), pack().medicines.by_cip13(cip13)
        assert found is not None
        assert own is not None
        assert found.key == cis
        assert found.routes == own.routes
        assert found.substances == own.substances or own.atc.startswith("J07")


@needs_published
def test_codes_of_the_pack_stand_in_the_published_nomenclatures() -> None:
    for kind, name in (
        (ReferenceKind.NABM, "acts"),
        (ReferenceKind.CCAM, "acts"),
        (ReferenceKind.LPP, "devices"),
        (ReferenceKind.GHS, "groups"),
        (ReferenceKind.NATURES, "natures"),
    ):
        known = {row[0] for row in published()[kind].rows(name)}
        missing = {row[0] for row in shipped()[kind].rows(name)} - known
        assert not missing, kind
    most = {row[0]: row[2] for row in published()[ReferenceKind.NABM].rows("acts")}
    assert all(row[2] == most[row[0]] for row in shipped()[ReferenceKind.NABM].rows("acts"))
    letters = {row[0]: row[1] for row in published()[ReferenceKind.NATURES].rows("natures")}
    assert all(
        row[1] == letters[row[0]] for row in shipped()[ReferenceKind.NATURES].rows("natures")
    )
