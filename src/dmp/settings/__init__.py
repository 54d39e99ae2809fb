"""Every setting of the server: its name in the environment, type, default, unit and meaning.

Read once at the start, frozen afterwards. `docs/reference/settings.md` is made from this file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from urllib.parse import urlsplit

from dmp.settings.description import Description, SettingInvalid, read, setting

__all__ = [
    "Description",
    "SettingInvalid",
    "Settings",
    "checkout",
    "default_data",
    "descriptions",
    "from_environment",
    "unknown_names",
]


def checkout() -> Path | None:
    """The checkout this code runs from, or None when the package was installed elsewhere."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() and (root / "dmp").is_file() else None


def default_data(environment: Mapping[str, str]) -> Path:
    """`var/` of the checkout; without a checkout, the XDG data folder of the user."""
    root = checkout()
    if root is not None:
        return root / "var"
    share = environment.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(share) / "dmp"


_PLACE, _RULES, _POST, _LOGIN, _TOKENS, _CALLS = (
    "Place",
    "Rules and limits",
    "Notices by mail and SMS",
    "Login (OpenID Connect)",
    "API tokens",
    "Calls from practice software",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set, with its defaults. Build it with `from_environment`."""

    database_url: str = setting(
        "DATABASE_URL",
        "",
        _PLACE,
        "Connection to an existing PostgreSQL 16 or newer, as libpq reads it. Empty: an embedded "
        "PostgreSQL is started in the data folder.",
        secret=True,
    )
    data: Path = setting(  # noqa: RUF009  # it returns the description of a field, not a value
        "DMP_DATA",
        Path("var"),
        _PLACE,
        "Data folder: embedded database, packs of sealed documents, keys. Created with the rights "
        "of its owner only.",
        shown_default="`var` of the checkout; without a checkout `$XDG_DATA_HOME/dmp`",
    )
    host: str = setting(
        "DMP_HOST",
        "127.0.0.1",
        _PLACE,
        "Address on which the server listens. Another one than loopback needs a TLS proxy before it.",
    )
    port: int = setting(
        "DMP_PORT",
        8000,
        _PLACE,
        "TCP port on which the server listens. `dmp demo` takes the next free one when it is busy "
        "and was not asked for.",
    )
    base_url: str = setting(
        "DMP_BASE_URL",
        "",
        _PLACE,
        "Address under which clients see the server, without a path.",
        shown_default="`http://` host and port",
    )
    assistance: str = setting(
        "DMP_ASSISTANCE",
        "",
        _PLACE,
        "How people reach the help desk, as pages say it beside the reference of an error: a telephone "
        "number with its hours, an address.",
        shown_default="none",
    )
    database_connections: int = setting(
        "DMP_DATABASE_CONNECTIONS",
        8,
        _PLACE,
        "Connections to PostgreSQL kept by one server process.",
        unit="connections",
    )
    test_mode: bool = setting(
        "DMP_TEST_MODE",
        False,
        _RULES,
        "Take test identities (INS of the test roots, published RPPS with a wrong key). Always on "
        "in `dmp demo`; never in production.",
    )
    consent_days: int = setting(
        "DMP_CONSENT_DAYS",
        365,
        _RULES,
        "How long a consent recorded by a professional is in force.",
        unit="days",
    )
    claims_months: int = setting(
        "DMP_CLAIMS_MONTHS", 24, _RULES, "How far back reimbursements are shown.", unit="months"
    )
    claims_inbox: str = setting(
        "DMP_CLAIMS_INBOX", "", _PLACE, "Folder watched for deliveries of claims; empty: none."
    )
    max_document_octets: int = setting(
        "DMP_MAX_DOCUMENT_OCTETS",
        20 * 1024 * 1024,
        _RULES,
        "Largest document that is taken.",
        unit="octets",
    )
    max_documents: int = setting(
        "DMP_MAX_DOCUMENTS",
        50,
        _RULES,
        "Most documents in one submission.",
        unit="documents",
    )
    carers: bool = setting(
        "DMP_CARERS",
        False,
        _RULES,
        "Admit carers (proches aidants) invited by the holder; their status in law is still open.",
    )
    secret_from_age: int = setting(
        "DMP_SECRET_FROM_AGE",
        0,
        _RULES,
        "Age from which a minor may have a secret session with a professional; 0 sets no age.",
        unit="years",
        least=0,
    )
    ceiling_professional_hour: int = setting(
        "DMP_CEILING_PROFESSIONAL_HOUR",
        120,
        _RULES,
        "Most different records one professional opens within an hour without emergency; 0 sets none.",
        unit="records",
        least=0,
    )
    ceiling_professional_day: int = setting(
        "DMP_CEILING_PROFESSIONAL_DAY",
        400,
        _RULES,
        "Most different records one professional opens within a day without emergency; 0 sets none.",
        unit="records",
        least=0,
    )
    ceiling_structure_hour: int = setting(
        "DMP_CEILING_STRUCTURE_HOUR",
        2000,
        _RULES,
        "Most different records one structure opens within an hour without emergency; 0 sets none.",
        unit="records",
        least=0,
    )
    ceiling_structure_day: int = setting(
        "DMP_CEILING_STRUCTURE_DAY",
        10000,
        _RULES,
        "Most different records one structure opens within a day without emergency; 0 sets none.",
        unit="records",
        least=0,
    )
    ceiling_refuses: bool = setting(
        "DMP_CEILING_REFUSES",
        True,
        _RULES,
        "Refuse above a ceiling; false lets the access through. The operator is told in both cases.",
    )
    smtp_host: str = setting(
        "DMP_SMTP_HOST",
        "",
        _POST,
        "Mail server that takes the notices to holders.",
        shown_default="none: no mail leaves; `dmp demo` starts one that keeps everything",
    )
    smtp_port: int = setting("DMP_SMTP_PORT", 587, _POST, "TCP port of the mail server.")
    smtp_security: str = setting(
        "DMP_SMTP_SECURITY",
        "starttls",
        _POST,
        "How the mail server is spoken to: `tls`, `starttls`, or `none` on loopback only.",
    )
    smtp_user: str = setting("DMP_SMTP_USER", "", _POST, "Login at the mail server.")
    smtp_password: str = setting(
        "DMP_SMTP_PASSWORD", "", _POST, "Password at the mail server.", secret=True
    )
    smtp_sender: str = setting(
        "DMP_SMTP_SENDER",
        "ne-pas-repondre@dmp.example",
        _POST,
        "Address from which mail is sent.",
    )
    sms_url: str = setting(
        "DMP_SMS_URL",
        "",
        _POST,
        "SMS gateway: takes one POST of JSON for each message.",
        shown_default="none: no SMS leaves",
    )
    sms_token: str = setting(
        "DMP_SMS_TOKEN", "", _POST, "Bearer token for the SMS gateway.", secret=True
    )
    holder_issuer: str = setting(
        "DMP_OIDC_HOLDER_ISSUER",
        "",
        _LOGIN,
        "Issuer of the OpenID provider at which holders log in.",
        shown_default="none; `dmp demo` mounts a simulated one",
    )
    holder_client_id: str = setting(
        "DMP_OIDC_HOLDER_CLIENT_ID", "", _LOGIN, "Client identifier at the holders' provider."
    )
    holder_client_secret: str = setting(
        "DMP_OIDC_HOLDER_CLIENT_SECRET",
        "",
        _LOGIN,
        "Client secret at the holders' provider.",
        secret=True,
    )
    professional_issuer: str = setting(
        "DMP_OIDC_PROFESSIONAL_ISSUER",
        "",
        _LOGIN,
        "Issuer of the OpenID provider at which professionals and desk agents log in.",
        shown_default="none; `dmp demo` mounts a simulated one",
    )
    professional_client_id: str = setting(
        "DMP_OIDC_PROFESSIONAL_CLIENT_ID",
        "",
        _LOGIN,
        "Client identifier at the professionals' provider.",
    )
    professional_client_secret: str = setting(
        "DMP_OIDC_PROFESSIONAL_CLIENT_SECRET",
        "",
        _LOGIN,
        "Client secret at the professionals' provider.",
        secret=True,
    )
    token_issuer: str = setting(
        "DMP_TOKEN_ISSUER",
        "urn:dmp:token",
        _TOKENS,
        "The `iss` that API tokens must carry; `dmp token` writes it.",
    )
    token_audience: str = setting(
        "DMP_TOKEN_AUDIENCE",
        "urn:dmp:fhir",
        _TOKENS,
        "The `aud` that API tokens must carry; `dmp token` writes it.",
    )
    token_keys: str = setting(
        "DMP_TOKEN_KEYS",
        "",
        _TOKENS,
        "File with the public keys (JWK set) of the issuer of API tokens.",
        shown_default="the key pair of the data folder, with which `dmp token` signs",
    )
    call_keys: str = setting(
        "DMP_CALL_KEYS",
        "",
        _CALLS,
        "File with the public keys (JWK set) of the practice software that may call a patient up.",
        shown_default="none: no call is taken",
    )
    call_audience: str = setting(
        "DMP_CALL_AUDIENCE",
        "urn:dmp:appel",
        _CALLS,
        "The `aud` that calls of practice software must carry.",
    )

    @property
    def address(self) -> str:
        """The base URL in force, without a slash at its end."""
        if self.base_url:
            return self.base_url.rstrip("/")
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    def at_port(self, port: int) -> Settings:
        """The same settings on another port."""
        return replace(self, port=port)


def descriptions() -> list[tuple[str, object, Description]]:
    """Every setting in order: its attribute, its default, its description."""
    return [(f.name, f.default, f.metadata["description"]) for f in fields(Settings)]


def from_environment(environment: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises:
        SettingInvalid: a value cannot be read, or two settings do not fit together.
    """
    values: dict[str, object] = {"data": default_data(environment)}
    for attribute, default, described in descriptions():
        text = environment.get(described.name, "").strip()
        if text:
            values[attribute] = read(text, default, described)
    return _checked(Settings(**values))  # type: ignore[arg-type]  # each read by its default's type


def unknown_names(environment: Mapping[str, str]) -> list[str]:
    """Names that begin like a setting and are none: usually a misspelling."""
    known = {described.name for _, _, described in descriptions()} | _FOR_TESTS
    return sorted(name for name in environment if name.startswith("DMP_") and name not in known)


_FOR_TESTS = {"DMP_SHARED", "DMP_REQUIRE_BROWSER", "DMP_CHROMIUM"}


def _checked(settings: Settings) -> Settings:
    if settings.port > 65535:
        raise SettingInvalid("DMP_PORT must be a port: 1 to 65535.")
    if settings.base_url:
        parts = urlsplit(settings.base_url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("", "/"):
            raise SettingInvalid(
                "DMP_BASE_URL must be like https://dmp.example.fr, without a path."
            )
    for side in ("holder", "professional"):
        given = [bool(getattr(settings, f"{side}_{part}")) for part in ("issuer", "client_id")]
        if any(given) and not all(given):
            upper = side.upper()
            raise SettingInvalid(
                f"DMP_OIDC_{upper}_ISSUER and DMP_OIDC_{upper}_CLIENT_ID go together; set both."
            )
    if settings.smtp_security not in ("tls", "starttls", "none"):
        raise SettingInvalid("DMP_SMTP_SECURITY must be tls, starttls or none.")
    if settings.smtp_host and settings.smtp_security == "none" and not _is_here(settings.smtp_host):
        raise SettingInvalid(
            "DMP_SMTP_SECURITY none is for a mail server on this machine; set tls or starttls."
        )
    if settings.sms_url and not settings.sms_url.startswith("https://"):
        parts = urlsplit(settings.sms_url)
        if parts.scheme != "http" or not _is_here(parts.hostname or ""):
            raise SettingInvalid("DMP_SMS_URL must begin with https://.")
    if settings.token_keys and not Path(settings.token_keys).is_file():
        raise SettingInvalid("DMP_TOKEN_KEYS must name a file with a JWK set; there is none.")
    if settings.call_keys and not Path(settings.call_keys).is_file():
        raise SettingInvalid("DMP_CALL_KEYS must name a file with a JWK set; there is none.")
    return settings


def _is_here(host: str) -> bool:
    """Whether a host is this machine."""
    return host in ("localhost", "127.0.0.1", "::1")
