"""Settings: read once, checked, and never a secret in a text."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from dmp.settings import (
    SettingInvalid,
    Settings,
    checkout,
    descriptions,
    from_environment,
    unknown_names,
)


def test_without_an_environment_everything_has_its_default() -> None:
    settings = from_environment({})
    root = checkout()
    assert root is not None
    assert settings.data == root / "var"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.address == "http://127.0.0.1:8000"
    assert settings.test_mode is False
    assert settings.database_url == ""


def test_each_value_is_read_as_its_type(tmp_path: Path) -> None:
    settings = from_environment(
        {"DMP_DATA": str(tmp_path), "DMP_PORT": "9000", "DMP_TEST_MODE": "Yes"}
    )
    assert (settings.data, settings.port, settings.test_mode) == (tmp_path, 9000, True)


def test_a_blank_value_is_no_value() -> None:
    assert from_environment({"DMP_PORT": "  "}).port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DMP_PORT", "eight"),
        ("DMP_PORT", "0"),
        ("DMP_PORT", "-1"),
        ("DMP_PORT", "65536"),
        ("DMP_PORT", "٣"),
        ("DMP_TEST_MODE", "maybe"),
        ("DMP_BASE_URL", "dmp.example.fr"),
        ("DMP_BASE_URL", "https://dmp.example.fr/path"),
        ("DMP_BASE_URL", "javascript://x"),
        ("DMP_MAX_DOCUMENT_OCTETS", "0"),
        ("DMP_TOKEN_KEYS", "/nowhere/keys.json"),
        ("DMP_OIDC_HOLDER_ISSUER", "https://issuer.example.fr"),
        ("DMP_OIDC_PROFESSIONAL_CLIENT_ID", "dmp"),
    ],
)
def test_a_bad_value_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(
        SettingInvalid, match=name.removesuffix("_CLIENT_ID").removesuffix("_ISSUER")
    ):
        from_environment({name: value})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        setattr(from_environment({}), "port", 1)  # noqa: B010  # the point is to try


def test_a_secret_is_not_in_the_text_of_the_settings() -> None:
    secret = "s3cr3t-value"
    names = [d.name for _, _, d in descriptions() if d.secret]
    issuer = {
        "DMP_OIDC_HOLDER_ISSUER": "https://a.example.fr",
        "DMP_OIDC_HOLDER_CLIENT_ID": "dmp",
        "DMP_OIDC_PROFESSIONAL_ISSUER": "https://b.example.fr",
        "DMP_OIDC_PROFESSIONAL_CLIENT_ID": "dmp",
    }
    settings = from_environment({**issuer, **dict.fromkeys(names, secret)})
    assert len(names) == 5
    assert secret not in repr(settings)


def test_a_misspelt_name_is_noticed() -> None:
    assert unknown_names({"DMP_PROT": "1", "DMP_PORT": "1", "HOME": "x"}) == ["DMP_PROT"]


def test_an_ipv6_host_stands_in_brackets() -> None:
    assert Settings(host="::1").address == "http://[::1]:8000"


def test_without_a_checkout_the_data_folder_is_the_users(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("dmp.settings.checkout", lambda: None)
    assert from_environment({"XDG_DATA_HOME": str(tmp_path)}).data == tmp_path / "dmp"
