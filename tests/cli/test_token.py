"""`dmp token`: what it prints opens the FHIR door as the caller it was asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dmp.bootstrap.tokens import token_key, token_verifier
from dmp.cli import main
from dmp.domain.errors import Refused
from dmp.domain.identity.caller import (
    Caller,
    Carer,
    Coordinator,
    Holder,
    Insurer,
    Motive,
    Professional,
    Purpose,
    Representative,
    Secretary,
    Strength,
    StructureSystem,
    SupportOfficer,
)
from dmp.domain.identity.capacity import Capacity
from dmp.remote.simulated.directory import caller_of, known_keys
from dmp.settings import Settings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("DMP_DATA", str(tmp_path / "data"))
    (tmp_path / "data").mkdir()
    return Settings(data=tmp_path / "data", test_mode=True)


def spoken(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> Caller:
    """The caller that the door hears from the token that the command prints."""
    assert main(["token", *arguments]) == 0
    token = capsys.readouterr().out.strip()
    verifier = token_verifier(settings, lambda: datetime.now(UTC))
    return verifier.caller(f"Bearer {token}")


@pytest.mark.slow
@pytest.mark.parametrize("key", [member.key for member in known_keys()])
def test_everybody_of_the_demo_has_a_token(
    key: str, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    heard, expected = spoken(settings, capsys, "--as", key), caller_of(key)
    assert heard.id == expected.id
    assert type(heard.who) is type(expected.who)
    assert heard.strength is expected.strength
    assert heard.structure == expected.structure


def test_a_parent_may_speak_for_the_children(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = spoken(settings, capsys, "--as", "sandrine-moreau", "--representing")
    assert isinstance(caller.who, Representative)
    assert isinstance(spoken(settings, capsys, "--as", "sandrine-moreau").who, Holder)


def test_a_professional_can_be_described(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = spoken(
        settings, capsys, "--rpps", "10000000017", "--structure", "1750000010",
        "--purpose", "break-glass", "--reason", "inconscient", "--name", "Dr Alix Mesureur",
    )  # fmt: skip
    assert isinstance(caller.who, Professional)
    assert caller.id == "810000000017"
    assert caller.strength is Strength.INDIVIDUAL
    assert (caller.purpose, caller.purpose_reason) == (Purpose.BREAK_GLASS, "inconscient")


def test_a_structure_alone_never_counts_as_a_person(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = spoken(settings, capsys, "--structure", "1750000010")
    assert isinstance(caller.who, StructureSystem)
    assert caller.strength is Strength.STRUCTURE


NURSE = ("--rpps", "10000000017", "--structure", "1750000010")
EVERYBODY_ELSE: list[tuple[type, tuple[str, ...]]] = [
    (Coordinator, (*NURSE, "--role", "R85:330")),
    (Coordinator, (*NURSE, "--role", "R94:41")),
    (Secretary, ("--rpps", "3750000010/12", "--structure", "1750000010", "--secretary")),
    (Insurer, ("--structure", "1750000010", "--insurer")),
    (SupportOfficer, ("--support", "assistance-3")),
    (Carer, ("--as", "sandrine-moreau", "--caring")),
]


@pytest.mark.parametrize(("kind", "arguments"), EVERYBODY_ELSE)
def test_every_other_kind_of_caller_has_a_token(
    kind: type,
    arguments: tuple[str, ...],
    settings: Settings,
    capsys: pytest.CaptureFixture[str],
) -> None:
    caller = spoken(settings, capsys, *arguments)
    assert type(caller.who) is kind
    proven = Strength.STRUCTURE if kind is Insurer else Strength.INDIVIDUAL
    assert caller.strength is proven


def test_capacity_secret_and_motive_are_said(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    caller = spoken(settings, capsys, *NURSE, "--capacity", "fire-service", "--secret")
    assert isinstance(caller.who, Professional)
    assert (caller.who.capacity, caller.secret) == (Capacity.FIRE_SERVICE, True)
    before = datetime.now(UTC)
    emergency = ("--purpose", "break-glass", "--motive", "pronostic-vital")
    breaking = spoken(settings, capsys, *NURSE, *emergency)
    assert breaking.motive is Motive.LIFE_AT_RISK
    assert breaking.purpose_since is not None
    assert abs((breaking.purpose_since - before).total_seconds()) < 30


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        (*NURSE, "--role", "R85:999"),
        (*NURSE, "--role", "R85:330", "--secretary"),
        (*NURSE, "--insurer"),
        (*NURSE, "--motive", "pronostic-vital"),
        (*NURSE, "--purpose", "break-glass", "--motive", "curiosity"),
        (*NURSE, "--capacity", "boss"),
        (*NURSE, "--sector", "SA13", "--capacity", "care"),
        (*NURSE, "--support", "x"),
        ("--structure", "1750000010", "--secretary"),
        ("--structure", "1750000010", "--secret"),
        ("--as", "dr-martin", "--caring"),
        ("--as", "nobody-at-all"),
        ("--as", "dr-martin", "--structure", "1750000010"),
        ("--rpps", "10000000017"),
        ("--rpps", "10000000018", "--structure", "1750000010"),
        ("--rpps", "10000000017", "--structure", "1750000019"),
        ("--rpps", "10000000017", "--structure", "1750000010", "--profession", "99"),
        ("--as", "dr-martin", "--purpose", "curiosity"),
    ],
)
def test_what_cannot_be_a_caller_is_said_in_one_sentence(
    arguments: tuple[str, ...], settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("dmp: ")
    assert said.err.count("\n") == 1


def test_a_token_of_another_house_opens_nothing(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["token", "--as", "dr-martin"])
    token = capsys.readouterr().out.strip()
    other = Settings(data=tmp_path / "other", test_mode=True)
    with pytest.raises(Refused):
        token_verifier(other, lambda: datetime.now(UTC)).caller(f"Bearer {token}")


def test_the_key_is_private_and_stays(settings: Settings) -> None:
    first = token_key(settings).as_dict(private=True)
    assert token_key(settings).as_dict(private=True) == first
    file = settings.data / "keys" / "tokens.key"
    assert file.stat().st_mode & 0o777 == 0o600


def test_with_another_issuer_it_makes_no_token(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    keys = tmp_path / "issuer.json"
    keys.write_text('{"keys": []}')
    monkeypatch.setenv("DMP_TOKEN_KEYS", str(keys))
    assert main(["token", "--as", "dr-martin"]) == 2
    assert "that issuer" in capsys.readouterr().err
