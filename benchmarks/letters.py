"""Letters to be deposited: CDA R2 of about 30 kB, invented, each with its own identifier and text."""

from __future__ import annotations

from random import Random

_WORDS = (
    *("le", "la", "les", "un", "une", "des", "du", "de", "en", "sur", "avec", "sans", "pour"),
    *("douleur", "thorax", "abdomen", "droit", "gauche", "examen", "clinique", "normal", "stable"),
    *("tension", "artérielle", "pouls", "régulier", "auscultation", "pulmonaire", "cardiaque"),
    *("souffle", "oedème", "membre", "inférieur", "traitement", "poursuivi", "adapté", "arrêté"),
    *("posologie", "matin", "soir", "repas", "bilan", "biologique", "retrouve", "créatinine"),
    *("hémoglobine", "glycémie", "potassium", "sodium", "imagerie", "scanner", "échographie"),
    *("radiographie", "confirme", "absence", "lésion", "visible", "évolution", "favorable"),
    *("consultation", "prévue", "dans", "trois", "mois", "surveillance", "activité", "physique"),
    *("régime", "contrôle", "ordonnance", "remise", "conseils", "donnés", "revoir", "dyspnée"),
)

_HEADER = """<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="FR"/>
<typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.2.8.2.1"/>
<templateId root="1.2.250.1.213.1.1.1.1"/>
<id root="{unique_id}"/>
<code code="34112-3" codeSystem="2.16.840.1.113883.6.1" displayName="CR consultation"/>
<title>Compte rendu de consultation {number}</title>
<effectiveTime value="{instant}"/>
<confidentialityCode code="N" codeSystem="2.16.840.1.113883.5.25"/>
<languageCode code="fr-FR"/>
<setId root="{unique_id}"/>
<versionNumber value="1"/>
<recordTarget><patientRole>
<id root="1.2.250.1.213.1.4.10" extension="{matricule}"/>
<addr use="H"><streetName>rue des Mesures</streetName><city>Villeneuve</city></addr>
<telecom nullFlavor="UNK"/>
<patient><name><given>Mesure Camille</given><given qualifier="BR">Mesure</given>
<family qualifier="BR">REPERE</family></name>
<administrativeGenderCode code="M" codeSystem="2.16.840.1.113883.5.1"/>
<birthTime value="19700101"/></patient>
</patientRole></recordTarget>
<author><time value="{instant}"/><assignedAuthor>
<id root="1.2.250.1.71.4.2.1" extension="{author_id}"/>
<code code="G15_10/SM54" codeSystem="1.2.250.1.213.1.1.4.5" displayName="Médecin généraliste"/>
<assignedPerson><name><family>MESUREUR</family><given>Alix</given><prefix>DR</prefix></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{structure_id}"/>
<name>Cabinet des mesures</name></representedOrganization>
</assignedAuthor></author>
<custodian><assignedCustodian><representedCustodianOrganization>
<id root="1.2.250.1.71.4.2.2" extension="{structure_id}"/><name>Cabinet des mesures</name>
</representedCustodianOrganization></assignedCustodian></custodian>
<legalAuthenticator><time value="{instant}"/><signatureCode code="S"/><assignedEntity>
<id root="1.2.250.1.71.4.2.1" extension="{author_id}"/>
<assignedPerson><name><family>MESUREUR</family><given>Alix</given></name></assignedPerson>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{structure_id}"/>
<name>Cabinet des mesures</name></representedOrganization>
</assignedEntity></legalAuthenticator>
<documentationOf><serviceEvent>
<effectiveTime><low value="{instant}"/><high value="{instant}"/></effectiveTime>
<performer typeCode="PRF"><assignedEntity><id root="1.2.250.1.71.4.2.1" extension="{author_id}"/>
<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{structure_id}"/>
<name>Cabinet des mesures</name>
<standardIndustryClassCode code="AMBULATOIRE" codeSystem="1.2.250.1.213.1.1.4.9"
 displayName="Ambulatoire"/></representedOrganization></assignedEntity></performer>
</serviceEvent></documentationOf>
<componentOf><encompassingEncounter><effectiveTime><low value="{instant}"/></effectiveTime>
<location><healthCareFacility><code code="SA07" codeSystem="1.2.250.1.71.4.2.4"
 displayName="Cabinet individuel"/></healthCareFacility></location>
</encompassingEncounter></componentOf>
<component><structuredBody>
"""
_SECTION = """<component><section><code code="{code}" codeSystem="2.16.840.1.113883.6.1"/>
<title>{title}</title><text>{text}</text></section></component>
"""
_END = "</structuredBody></component></ClinicalDocument>\n"
_SECTIONS = (
    ("29299-5", "Motif"),
    ("11348-0", "Antécédents"),
    ("10164-2", "Histoire de la maladie"),
    ("29545-1", "Examen clinique"),
    ("30954-2", "Examens complémentaires"),
    ("18776-5", "Conduite à tenir"),
)
AUTHOR_ID = "810000000017"
STRUCTURE_ID = "1750000010"
OCTETS = 30_000


def unique_id(number: int) -> str:
    """An OID of the arc for UUIDs; distinct for each number."""
    return f"2.25.{0x8A5B_0000_4000_8000_0000_0000_0000 + number}"


def letter(number: int, matricule: str, octets: int = OCTETS) -> bytes:
    """One letter of about so many octets."""
    random = Random(number)  # noqa: S311  # a text to be measured, no secret
    month, day = number // 28 % 12 + 1, number % 28 + 1
    head = _HEADER.format(
        unique_id=unique_id(number),
        number=number,
        instant=f"2025{month:02d}{day:02d}{number % 24:02d}{number % 60:02d}00+0100",
        matricule=matricule,
        author_id=AUTHOR_ID,
        structure_id=STRUCTURE_ID,
    )
    left = octets - len(head.encode()) - len(_END) - 160 * len(_SECTIONS)
    share = max(200, left // len(_SECTIONS))
    body = "".join(
        _SECTION.format(code=code, title=title, text=_text(random, share))
        for code, title in _SECTIONS
    )
    return (head + body + _END).encode("utf-8")


def words(random: Random) -> str:
    """A sentence of a letter."""
    drawn = random.choices(_WORDS, k=random.randint(12, 30))
    return f"{' '.join(drawn).capitalize()} {random.randint(1, 300)},{random.randint(0, 9)}."


def _text(random: Random, octets: int) -> str:
    parts, length = [], 0
    while length < octets:
        paragraph = f"<paragraph>{words(random)}</paragraph>\n"
        parts.append(paragraph)
        length += len(paragraph.encode())
    return "".join(parts)
