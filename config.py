"""Settings: one frozen object read from the environment once. Imports the standard library only."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path
from typing import Any

PREFIX = "ZHUANLAN_"


class SettingError(ValueError):
    """A setting cannot be used. Names the variable and what was expected."""

    def __init__(self, variable: str, expected: str):
        super().__init__(f"{variable}: {expected}")
        self.variable = variable


@dataclass(frozen=True)
class Settings:
    """What an installation may set. Each field is the variable ZHUANLAN_<NAME>; docs/operations.md lists them."""

    home: Path = field(default=Path("var"), metadata={"help": "folder of all state"})
    database_url: str = field(  # it may hold a password
        default="", repr=False, metadata={"help": "SQLAlchemy URL; empty: SQLite in home"}
    )
    keys: Path | None = field(default=None, metadata={"help": "folder of the key files; empty: home/keys"})
    theme: Path | None = field(
        default=None, metadata={"help": "folder of templates and assets before ours; empty: home/theme"}
    )
    public_url: str = field(
        default="http://127.0.0.1:8000", metadata={"help": "address citizens use, without a final slash"}
    )
    sample_anchor: date | None = field(
        default=None, metadata={"help": "day the sample county's dates hang on; empty: today"}
    )
    trusted_proxies: int = field(
        default=0, metadata={"help": "reverse proxies in front that set X-Forwarded-For"}
    )
    secure_cookies: bool = field(
        default=False, metadata={"help": "1 behind HTTPS: cookies only over TLS, HSTS sent"}
    )
    session_idle_minutes: int = field(
        default=30, metadata={"help": "minutes without a click that end a sign-in"}
    )
    session_hours: int = field(default=12, metadata={"help": "hours after which a sign-in ends in any case"})
    second_factor: bool = field(
        default=True,
        metadata={
            "help": "0 on a trial installation: administrators, reviewers and publishers may do without"
        },
    )
    sessions_per_officer: int = field(
        default=3, metadata={"help": "sign-ins an officer may have at once; the oldest ends"}
    )
    password_policy: str = field(
        default="asvs",
        metadata={
            "help": "asvs or djbh, and parts of it set otherwise: djbh length=12 kinds=3 days=60 history=8"
        },
    )
    separate_administrators: bool = field(
        default=True,
        metadata={"help": "0 in a small county: one person may be system, security and audit administrator"},
    )
    oidc_issuer: str = field(
        default="", metadata={"help": "OpenID Connect provider officers may sign on by; empty: none"}
    )
    oidc_client_id: str = field(default="", metadata={"help": "what the provider calls this installation"})
    oidc_client_secret: str = field(
        default="", repr=False, metadata={"help": "its secret; only from the environment"}
    )
    oidc_label: str = field(default="统一身份认证", metadata={"help": "what the button of sign-on is called"})
    oidc_second_factor: str = field(
        default="", metadata={"help": "values of the provider's acr or amr that count as a second factor"}
    )
    upload_max_mb: int = field(default=20, metadata={"help": "largest attachment, megabytes"})
    confirm_guides_months: int = field(
        default=12, metadata={"help": "months after which a service guide is to be confirmed; 0: never"}
    )
    keep_releases: int = field(default=20, metadata={"help": "publications that can be taken back"})
    read_back_url: str = field(
        default="", metadata={"help": "where the worker looks at what it published; empty: nowhere"}
    )
    s3_endpoint: str = field(
        default="", metadata={"help": "address of S3-compatible storage; empty: Amazon's own"}
    )
    purge_url: str = field(default="", metadata={"help": "webhook of the cache in front of the site"})
    purge_token: str = field(
        default="", repr=False, metadata={"help": "its bearer token; only from the environment"}
    )
    log_level: str = field(default="INFO", metadata={"help": "DEBUG, INFO, WARNING or ERROR"})

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in force."""
        if not self.database_url:
            return f"sqlite:///{(self.home / 'zhuanlan.db').resolve()}"
        scheme, separator, rest = self.database_url.partition("://")
        return (
            f"postgresql+psycopg{separator}{rest}"
            if scheme in ("postgres", "postgresql")
            else self.database_url
        )

    @property
    def key_folder(self) -> Path:
        return self.keys or self.home / "keys"

    @property
    def theme_folder(self) -> Path:
        return self.theme or self.home / "theme"

    @property
    def site_folder(self) -> Path:
        return self.home / "site"

    @property
    def live_tree(self) -> Path:
        return self.site_folder / "current"

    @property
    def index_folder(self) -> Path:
        return self.home / "index"

    @property
    def upload_folder(self) -> Path:
        return self.home / "uploads"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Read every ZHUANLAN_ variable.

        Raises: SettingError, naming the variable and what was expected.
        """
        given: dict[str, Any] = {}
        for setting in fields(cls):
            variable = PREFIX + setting.name.upper()
            text = environment.get(variable, "").strip()
            if text:
                given[setting.name] = _parse(variable, text, setting.default)
        return cls(**given)

    @classmethod
    def unknown_variables(cls, environment: Mapping[str, str] = os.environ) -> list[str]:
        """ZHUANLAN_ variables that no setting reads: most likely spelling mistakes."""
        known = {PREFIX + setting.name.upper() for setting in fields(cls)} | {
            PREFIX + "REAL_DATA",
            PREFIX + "TEST_POSTGRESQL",
            PREFIX + "TEST_ROUNDS",
            PREFIX + "TEST_ROUNDS",
        }
        return sorted(name for name in environment if name.startswith(PREFIX) and name not in known)


def _parse(variable: str, text: str, default: object) -> Any:
    name = variable.removeprefix(PREFIX).lower()
    if isinstance(default, bool):
        if text not in ("0", "1"):
            raise SettingError(variable, "0 or 1")
        return text == "1"
    if isinstance(default, int):
        if not text.isascii() or not text.isdigit():
            raise SettingError(variable, "a whole number")
        return int(text)
    if isinstance(default, Path) or name in ("keys", "theme"):
        return Path(text)
    if name == "sample_anchor":
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise SettingError(variable, "a day such as 2026-03-02") from None
    if name == "log_level" and text not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingError(variable, "DEBUG, INFO, WARNING or ERROR")
    return text.rstrip("/") if name in ("public_url", "read_back_url") else text
