"""The one typed configuration, and the only place that reads the environment.

>>> from folkmoot.config.environment import Config
>>> Config(mode="demo", home="/tmp/town").database_url
'sqlite:////tmp/town/var/folkmoot.sqlite3'
"""

import secrets
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from folkmoot.config.database import parse

Words = Annotated[tuple[str, ...], NoDecode]
CHECKOUT = Path(__file__).resolve().parents[3]


def _named(name: str, *others: str) -> AliasChoices:
    return AliasChoices(name, *others)


class Config(BaseSettings):
    """What an installation may decide. Every field is an environment variable, in capitals."""

    model_config = SettingsConfigDict(env_prefix="FOLKMOOT_", env_ignore_empty=True, populate_by_name=True)

    mode: Literal["development", "demo", "production"] = "development"
    home: Path = Field(default_factory=Path.cwd)
    database_url: str = Field("", validation_alias=_named("DATABASE_URL", "database_url"))
    secret_key: str = Field("", validation_alias=_named("SECRET_KEY", "secret_key"))
    debug: bool = Field(False, validation_alias=_named("DEBUG", "debug"))
    allowed_hosts: Words = Field(
        ("localhost", "127.0.0.1", "[::1]"), validation_alias=_named("ALLOWED_HOSTS", "allowed_hosts")
    )
    origins: Words = ()
    data_dir: Path | None = None
    witness_dir: Path | None = None
    audit_key_file: Path | None = None
    audit_head_every: int = 100
    node_modules: Path | None = None
    live_url: str = ""
    metrics_token: str = ""
    log_level: str = "INFO"
    behind_proxy: bool = False
    oidc_name: str = ""
    oidc_server_url: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    smtp_host: str = "localhost"
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = ""
    smtp_tls: bool = False
    mail_from: str = "folkmoot@localhost"

    @field_validator("allowed_hosts", "origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(word.strip() for word in value.split(",") if word.strip()) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _complete(self) -> "Config":
        self.home = self.home.absolute()
        self.data_dir = (self.data_dir or self.var / "data").absolute()
        self.witness_dir = (self.witness_dir or self.var / "witness").absolute()
        self.audit_key_file = (self.audit_key_file or self.var / "keys" / "audit.pem").absolute()
        self.database_url = self.database_url or f"sqlite:///{self.var / 'folkmoot.sqlite3'}"
        parse(self.database_url)
        if self.mode == "production" and len(self.secret_key) < 50:
            raise ValueError(
                "In production SECRET_KEY must be set to at least 50 random characters: try "
                "`python -c 'import secrets; print(secrets.token_urlsafe(64))'`."
            )
        if self.mode == "production" and self.debug:
            raise ValueError(
                "DEBUG shows the inside of the program to strangers, so production refuses it: unset DEBUG."
            )
        if self.mode == "demo" and any(host in {"*", "0.0.0.0"} for host in self.allowed_hosts):  # noqa: S104
            raise ValueError("The demo lets anybody be anybody, so it serves this machine only: unset ALLOWED_HOSTS.")
        return self

    @property
    def var(self) -> Path:
        """Where everything this installation makes is kept."""
        return self.home / "var"

    @property
    def demo(self) -> bool:
        return self.mode == "demo"

    @property
    def production(self) -> bool:
        return self.mode == "production"

    @cached_property
    def key(self) -> str:
        """The secret key: given, or (never in production) made once and kept readable by its owner alone."""
        return self.secret_key or _kept(self.var / "keys" / "secret")

    @property
    def assets(self) -> Path | None:
        """The npm packages served as they are: as told, else the checkout's, else none."""
        found = self.node_modules or CHECKOUT / "node_modules"
        return found if found.is_dir() else None


def _kept(path: Path) -> str:
    if path.exists():
        return path.read_text().strip()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_urlsafe(64))
    return path.read_text()


def load() -> Config:
    """The configuration this process was started with."""
    return Config()
