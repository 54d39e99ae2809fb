"""Fetching public references: official hosts over TLS only; told from a server of our own on loopback."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import httpx
import pytest

from dmp.remote import reference_sources
from dmp.remote.reference_sources import FetchRefused, fetched
from tests.remote.loopback import site

ANSM_PAGE = "/documents/reference/thesaurus-des-interactions-medicamenteuses-1"
FINESS_PAGE = "/api/1/datasets/finess-extraction-du-fichier-des-etablissements/"
RPPS_DATA = (
    "/api/1/datasets/annuaire-sante-extractions-des-donnees-en-libre-acces-"
    "des-professionnels-intervenant-dans-le-systeme-de-sante-rpps/"
)
RPPS_PATH = "/annuaire-sante-webservices/V300/services/extraction/PS_LibreAcces"


def bdpm_pages() -> dict[str, bytes]:
    host = "base-donnees-publique.medicaments.gouv.fr/download/file/"
    names = (*reference_sources._BDPM_FILES, *reference_sources._BDPM_BESIDE)
    return {host + name: name.encode() for name in names}


def test_the_files_of_bdpm_are_fetched(tmp_path: Path) -> None:
    with site(bdpm_pages()) as (transport, _):
        found = fetched("bdpm", tmp_path / "new", transport)
    assert len(found) == 8
    assert found[0].read_bytes() == b"CIS_bdpm.txt"
    assert not list(tmp_path.rglob("*.part"))


def test_bdpm_without_a_file_that_says_more_is_taken(tmp_path: Path) -> None:
    pages = {place: text for place, text in bdpm_pages().items() if "HAS" not in place}
    with site(pages) as (transport, _):
        assert len(fetched("bdpm", tmp_path, transport)) == 7
    without = {place: text for place, text in bdpm_pages().items() if "COMPO" not in place}
    with site(without) as (transport, _), pytest.raises(FetchRefused, match="answers 404"):
        fetched("bdpm", tmp_path, transport)


def test_the_newest_thesaurus_of_the_page_is_taken(tmp_path: Path) -> None:
    links = [
        f"/uploads/{day}/thesaurus-interactions.pdf"
        for day in ("2020/10/27", "2023/09/15", "2019/09/20")
    ]
    page = "".join(f'<a href="{link}">x</a>' for link in links).encode()
    pages = {"ansm.sante.fr" + ANSM_PAGE: page, "ansm.sante.fr" + links[1]: b"%PDF-2023"}
    with site(pages) as (transport, _):
        (found,) = fetched("ansm", tmp_path, transport)
    assert found.read_bytes() == b"%PDF-2023"


ACTIVITIES = "/resources/annuaire-sante-rpps/20260917-113802/ps-libreacces-personne-activite.txt"


def test_the_extract_of_professionals_comes_from_data_gouv_under_its_day(tmp_path: Path) -> None:
    others = (
        ACTIVITIES.replace("20260917", "20260810"),
        ACTIVITIES.replace("personne-activite", "x"),
    )
    told = ", ".join(
        f'{{"url": "https://static.data.gouv.fr{link}"}}' for link in (ACTIVITIES, *others)
    )
    pages = {
        "www.data.gouv.fr" + RPPS_DATA: f'{{"resources": [{told}]}}'.encode(),
        "static.data.gouv.fr" + ACTIVITIES: b"a|b\n",
    }
    with site(pages) as (transport, asked):
        (found,) = fetched("rpps", tmp_path, transport)
    assert found.name == "PS_LibreAcces_Personne_activite_202609171138.txt"
    assert found.read_bytes() == b"a|b\n" and len(asked) == 2


def test_the_pdf_of_the_thesaurus_is_found_on_its_page(tmp_path: Path) -> None:
    page = (
        b'<a href="/uploads/2023/index-des-substances-thesaurus.pdf">x</a>'
        b'<a href="/uploads/2023/09/20/20230915-thesaurus-interactions-septembre-2023.pdf">y</a>'
    )
    pdf = "ansm.sante.fr/uploads/2023/09/20/20230915-thesaurus-interactions-septembre-2023.pdf"
    with site({"ansm.sante.fr" + ANSM_PAGE: page, pdf: b"%PDF-"}) as (transport, _):
        (found,) = fetched("ansm", tmp_path, transport)
    assert found.name == "20230915-thesaurus-interactions-septembre-2023.pdf"


def test_a_page_without_the_thesaurus_says_so(tmp_path: Path) -> None:
    with (
        site({"ansm.sante.fr" + ANSM_PAGE: b"<p>Rien.</p>"}) as (transport, _),
        pytest.raises(FetchRefused, match="no PDF"),
    ):
        fetched("ansm", tmp_path, transport)


def test_the_extract_of_professionals_is_unpacked_under_a_plain_name(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../PS_LibreAcces_Personne_activite_202610220809.txt", "a|b\n")
        archive.writestr("PS_LibreAcces_SavoirFaire_202610220809.txt", "c|d\n")
    with site({"service.annuaire.sante.fr" + RPPS_PATH: packed.getvalue()}) as (transport, _):
        (found,) = fetched("rpps", tmp_path / "in", transport)
    assert found == tmp_path / "in" / "PS_LibreAcces_Personne_activite_202610220809.txt"
    assert [path.name for path in (tmp_path / "in").iterdir()] == [found.name]


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    with (
        site({"service.annuaire.sante.fr" + RPPS_PATH: b"PK\x03\x04no"}) as (transport, _),
        pytest.raises(FetchRefused, match="damaged"),
    ):
        fetched("rpps", tmp_path, transport)


FILE = "/resources/etalab-cs1100507-stock-20260907.csv"


def test_finess_is_fetched_from_where_data_gouv_says(tmp_path: Path) -> None:
    told = f'{{"resources": [{{"url": "https://static.data.gouv.fr{FILE}"}}]}}'.encode()
    with site(
        {"www.data.gouv.fr" + FINESS_PAGE: told, "static.data.gouv.fr" + FILE: b"finess;etalab\n"}
    ) as (transport, _):
        (found,) = fetched("finess", tmp_path, transport)
    assert found.read_bytes() == b"finess;etalab\n"


def test_no_host_but_the_official_ones_is_asked(tmp_path: Path) -> None:
    told = f'{{"resources": [{{"url": "https://ailleurs.example{FILE}"}}]}}'.encode()
    with site({"www.data.gouv.fr" + FINESS_PAGE: told}) as (transport, asked):
        with pytest.raises(FetchRefused, match="no official host"):
            fetched("finess", tmp_path, transport)
        assert asked == ["www.data.gouv.fr" + FINESS_PAGE]


@pytest.mark.parametrize(
    ("target", "word"),
    [
        ("https://ailleurs.example/x", "no official host"),
        ("http://ansm.sante.fr/x", "without TLS"),
        ("https://ansm.sante.fr:8443/x", "without TLS"),
        ("https://ansm.sante.fr@ailleurs.example/x", "no official host"),
    ],
)
def test_a_redirection_off_the_official_hosts_is_refused(
    tmp_path: Path, target: str, word: str
) -> None:
    with site({}, {"ansm.sante.fr" + ANSM_PAGE: target}) as (transport, asked):
        with pytest.raises(FetchRefused, match=word):
            fetched("ansm", tmp_path, transport)
        assert len(asked) == 1


def test_redirections_end(tmp_path: Path) -> None:
    with (
        site({}, {"ansm.sante.fr" + ANSM_PAGE: ANSM_PAGE}) as (transport, _),
        pytest.raises(FetchRefused, match="too many"),
    ):
        fetched("ansm", tmp_path, transport)


def test_a_file_over_the_bound_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reference_sources, "MAX_FILE", 5)
    with (
        site(bdpm_pages()) as (transport, _),
        pytest.raises(FetchRefused, match="exceeds 5 octets"),
    ):
        fetched("bdpm", tmp_path, transport)
    assert list(tmp_path.iterdir()) == []


def test_a_site_that_refuses_is_named(tmp_path: Path) -> None:
    with site({}) as (transport, _), pytest.raises(FetchRefused, match="answers 404"):
        fetched("bdpm", tmp_path, transport)


def test_without_a_network_it_is_said_in_a_sentence(tmp_path: Path) -> None:
    def cut(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no network", request=request)

    with pytest.raises(FetchRefused, match="is there a network"):
        fetched("bdpm", tmp_path, httpx.MockTransport(cut))
