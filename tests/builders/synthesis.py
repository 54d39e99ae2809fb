"""A synthesis for tests: a full record of an invented woman, valid by default."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from dmp.domain.clinical.facts import (
    Allergy,
    Device,
    Imaging,
    Performed,
    Problem,
    Stay,
    Vaccination,
)
from dmp.domain.clinical.synthesis import (
    Alert,
    AlertClass,
    Due,
    Gap,
    News,
    Series,
    Synthesis,
    Treatment,
    Trend,
)
from dmp.domain.codes import Code
from tests.builders.clinical_facts import (
    AT,
    CIM10,
    EDITION,
    ROUSSEL,
    TODAY,
    a_claim,
    a_problem,
    a_series,
    a_source,
    a_treatment,
    an_alert,
    declared,
    some_supplies,
)


def some_alerts() -> tuple[Alert, ...]:
    """Seven alerts, two of them for the side list only."""
    return (
        an_alert(),
        an_alert(
            key="lab:hba1c",
            alert_class=AlertClass.DUPLICATE,
            sentence="HbA1c dosée 2 fois en 9 jours",
            rank=5,
            rule_id="lab/1577",
            level="",
            mechanism="",
            conduct="Résultat précédent : 7,9 % le 12 octobre 2026.",
            edition="Table de redondance, novembre 2026",
        ),
        an_alert(
            key="due:flu",
            alert_class=AlertClass.DUE,
            sentence="Vaccin antigrippal 2026 absent ; dépistage colorectal en retard",
            rank=6,
            rule_id="due/flu",
            level="",
            mechanism="",
            conduct="",
            edition="Calendrier des vaccinations 2026",
        ),
        an_alert(
            key="ansm:2",
            alert_class=AlertClass.INTERACTION,
            sentence="Apixaban + ibuprofène : risque hémorragique",
            rank=7,
        ),
        an_alert(
            key="lab:tsh",
            alert_class=AlertClass.DUPLICATE,
            sentence="TSH dosée 3 fois en un mois",
            rank=8,
        ),
        *(
            an_alert(
                key=f"side:{rank}",
                alert_class=AlertClass.INTERACTION,
                sentence=f"Association à prendre en compte n° {rank}",
                rank=20 + rank,
                level="APEC",
                side=True,
            )
            for rank in (1, 2)
        ),
    )


def some_problems() -> tuple[Problem, ...]:
    """Nine active problems: one more than there is room for."""
    return (
        a_problem(
            "Diabète de type 2", code=Code("E11", CIM10), since=date(2008, 1, 1), long_term="8"
        ),
        a_problem(long_term="5"),
        a_problem("Hypertension artérielle", code=Code("I10", CIM10), since=date(2011, 6, 1)),
        a_problem("Insuffisance cardiaque", code=Code("I50", CIM10), since=date(2025, 9, 1)),
        a_problem("Insuffisance rénale chronique stade 3", code=Code("N18.3", CIM10)),
        a_problem("Hypercholestérolémie", code=Code("E78.0", CIM10), since=date(2012, 1, 1)),
        a_problem("Gonarthrose droite", code=Code("M17", CIM10), since=date(2019, 1, 1)),
        a_problem("Apnées du sommeil", code=Code("G47.3", CIM10), since=date(2020, 1, 1)),
        a_problem("Hypothyroïdie", code=Code("E03", CIM10), since=date(2021, 1, 1)),
    )


def some_treatments() -> tuple[Treatment, ...]:
    """Eleven treatments, with a critical one first, a gap, and two of one class."""
    start = TODAY - timedelta(days=175)
    gap = Gap(start=start + timedelta(days=60), end=start + timedelta(days=89))
    gapped = tuple(one for rank, one in enumerate(some_supplies(start, 6)) if rank != 2)
    return (
        a_treatment(
            "Apixaban", "B01AF02", critical="anticoagulant", prescriber=ROUSSEL, dosage="5 mg × 2/j"
        ),
        a_treatment("Insuline glargine", "A10AE04", critical="insuline", dosage="18 UI le soir"),
        a_treatment(),
        a_treatment(
            "Ramipril",
            "C09AA05",
            dosage="5 mg/j",
            supplies=some_supplies(start, 2, days=90, every=88),
        ),
        a_treatment(
            "Spironolactone",
            "C03DA01",
            dosage="25 mg/j",
            prescriber=ROUSSEL,
            supplies=some_supplies(TODAY - timedelta(days=40), 2),
        ),
        a_treatment(
            "Atorvastatine",
            "C10AA05",
            dosage="20 mg/j",
            supplies=gapped,
            gaps=(gap,),
            duplicates=("C10AA07",),
        ),
        a_treatment(
            "Rosuvastatine",
            "C10AA07",
            dosage="10 mg/j",
            supplies=some_supplies(TODAY - timedelta(days=70), 2),
            duplicates=("C10AA05",),
        ),
        a_treatment("Bisoprolol", "C07AB07", dosage="2,5 mg/j", prescriber=ROUSSEL),
        a_treatment("Furosémide", "C03CA01", dosage="40 mg le matin"),
        a_treatment("Lévothyroxine", "H03AA01", dosage="75 µg/j"),
        a_treatment("Paracétamol", "N02BE01", dosage="si douleur", is_current=False),
    )


def some_series() -> tuple[Series, ...]:
    """Nine analytes: out of range first."""
    high, low, normal = Trend.HIGH, Trend.LOW, Trend.NORMAL
    return (
        a_series(),
        a_series(
            "Débit de filtration glomérulaire",
            "62238-1",
            (61, 55, 52, 48),
            "mL/min/1,73 m²",
            60,
            None,
            low,
        ),
        a_series("Potassium", "2823-3", (4.4, 4.8, 5.4), "mmol/L", 3.5, 5.1, high),
        a_series("Cholestérol LDL", "2089-1", (1.6, 1.2, 0.9), "g/L", None, 1.6, normal),
        a_series("Hémoglobine", "718-7", (13.1, 12.8, 12.6), "g/dL", 12.0, 16.0, normal),
        a_series("TSH", "3016-3", (2.2, 3.1), "mUI/L", 0.4, 4.0, normal),
        a_series("Créatinine", "14682-9", (92, 101, 108), "µmol/L", 45, 84, high),
        a_series("Sodium", "2951-2", (139, 140), "mmol/L", 136, 145, normal),
        a_series("Poids", "29463-7", (82.5, 81.0, 84.2), "kg", None, None, Trend.UNKNOWN),
    )


def some_stays() -> tuple[Stay, ...]:
    """Four stays, newest first."""
    letter = a_source(40, title="Lettre de liaison", anchor="46240-8")
    first = Stay(
        place="CHU de Rouen, cardiologie",
        start=date(2026, 9, 2),
        end=date(2026, 9, 9),
        nature="Hospitalisation",
        reason="Décompensation cardiaque sur passage en fibrillation atriale",
        sources=(letter,),
    )
    return (
        first,
        replace(
            first,
            place="Clinique du Cèdre",
            start=date(2026, 3, 4),
            end=None,
            nature="Passage aux urgences",
            reason="Malaise, chute",
        ),
        replace(
            first,
            place="CHU de Rouen",
            start=date(2025, 11, 3),
            end=date(2025, 11, 4),
            reason="Coronarographie",
        ),
        replace(
            first,
            place="CHU de Rouen",
            start=date(2024, 1, 3),
            end=date(2024, 1, 4),
            reason="Cataracte",
        ),
    )


def some_imaging() -> tuple[Imaging, ...]:
    """Three exams, newest first."""
    report = a_source(50, title="Compte rendu d’échocardiographie", anchor="18782-3")
    first = Imaging(
        label="Échographie cardiaque",
        on=date(2026, 9, 4),
        modality="US",
        region="cœur",
        conclusion="Fraction d’éjection à 42 %, oreillette gauche dilatée, "
        "pas d’épanchement péricardique visible",
        sources=(report,),
    )
    return (
        first,
        first._replace(
            label="Radiographie du thorax",
            region="thorax",
            on=date(2026, 9, 2),
            conclusion="Surcharge modérée",
        ),
        first._replace(
            label="Mammographie", region="sein", on=date(2025, 2, 2), conclusion="ACR 2"
        ),
    )


def some_news(number: int = 6) -> tuple[News, ...]:
    """Documents added since the last access."""
    return tuple(
        News(
            document=UUID(int=70 + rank),
            title=(
                "Bilan sanguin",
                "Lettre de liaison",
                "Ordonnance",
                "Certificat",
                "Courrier",
                "CR",
            )[rank % 6],
            on=AT - timedelta(days=2 + rank),
            author="Dr Paul ROUSSEL",
        )
        for rank in range(number)
    )


def a_synthesis(**changes: Any) -> Synthesis:
    """Everything at once, more of each than the page has room for."""
    values: dict[str, Any] = {
        "at": AT,
        "allergies": (
            Allergy(
                label="Pénicilline",
                reaction="choc anaphylactique",
                since=date(2009, 1, 1),
                sources=(a_source(2, anchor="48765-2"),),
            ),
            Allergy(label="Produits de contraste iodés", sources=(declared(),)),
        ),
        "alerts": some_alerts(),
        "evaluated_rules": 214,
        "problems": some_problems(),
        "past": (
            a_problem(
                "Cholécystectomie", code=Code("K80", CIM10), since=date(1999, 1, 1), active=False
            ),
        ),
        "treatments": some_treatments(),
        "series": some_series(),
        "stays": some_stays(),
        "imaging": some_imaging(),
        "vaccinations": (
            Vaccination(
                label="dTPca (Boostrix)",
                on=date(2016, 4, 1),
                sources=(a_source(60, anchor="11369-6"),),
            ),
            Vaccination(
                label="Vaccin antigrippal",
                on=date(2025, 10, 20),
                delivered_only=True,
                sources=(a_claim(),),
            ),
        ),
        "performed": (
            Performed(
                label="Coronarographie",
                on=date(2025, 11, 3),
                code=Code("DDQH012", "1.2.250.1.213.2.5"),
                sources=(a_claim(),),
            ),
        ),
        "devices": (
            Device(
                label="Stimulateur cardiaque double chambre",
                on=date(2025, 11, 10),
                sources=(a_claim(),),
            ),
        ),
        "due": (
            Due(
                rule_id="due/flu",
                label="Vaccin antigrippal",
                source="Calendrier des vaccinations 2026",
                late_since=date(2026, 10, 1),
                last=date(2025, 10, 20),
                sources=(a_claim(),),
            ),
            Due(
                rule_id="due/colon",
                label="Dépistage du cancer colorectal",
                source="Programme national de dépistage",
                late_since=date(2026, 2, 1),
            ),
            Due(
                rule_id="due/dt",
                label="Rappel diphtérie, tétanos, polio",
                source="Calendrier des vaccinations 2026",
            ),
        ),
        "news": some_news(),
        "last_access": datetime(2026, 10, 12, 8, 0, tzinfo=UTC),
        "latest_report_titles": some_news(3),
        "latest_laboratory_titles": some_news(2),
        "latest_prescription_titles": some_news(3),
        "latest_optical_titles": tuple(
            replace(news, title=title)
            for news, title in zip(
                some_news(3),
                ("Ordonnance de lunettes", "Ordonnance", "Bilan orthoptique"),
                strict=True,
            )
        ),
        "latest_sight_titles": (replace(some_news(1)[0], title="Fond d’œil"),),
        "claims_until": TODAY - timedelta(days=9),
        "editions": (EDITION, "Base de données publique des médicaments, 1 mai 2026"),
        "blood_group": "A+",
        "persons_to_warn": (("Lucien Durand", "+33 6 12 34 56 78", "époux"),),
        "has_directives": True,
    }
    return Synthesis(**{**values, **changes})
