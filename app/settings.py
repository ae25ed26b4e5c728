"""Where Respot keeps its data and how it is served: RESPOT_* variables, overridden by flags."""

import getpass
import ipaddress
from pathlib import Path

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from spotting.errors import BadConfig
from spotting.proxy import ProxyStyle


def _user_name() -> str:
    """The login name, or "me" where the system has none (a bare container)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "me"


class Settings(BaseSettings):
    """Host settings. `data` holds the database, frame indexes and checkpoints; nothing lies elsewhere."""

    model_config = SettingsConfigDict(env_prefix="RESPOT_", frozen=True)

    data: Path = Field(default_factory=lambda: platformdirs.user_data_path("respot"))
    database_url: str = ""  # postgresql://...; empty means the SQLite file in the data folder
    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    proxy_height: int = Field(default=224, ge=16, le=2160)
    proxy_quality: int = Field(default=18, ge=1, le=51)
    annotator: str = Field(default_factory=_user_name, min_length=1)
    login: bool = False  # whether people log in; always, where others can connect

    @field_validator("data")
    @classmethod
    def _absolute(cls, data: Path) -> Path:
        return data.expanduser().resolve()

    @property
    def needs_login(self) -> bool:
        """Whether requests need an account: when asked for, and wherever another machine could connect."""
        return self.login or not self.serves_this_machine_only

    @property
    def serves_this_machine_only(self) -> bool:
        """Whether `host` is a loopback address."""
        return is_loopback(self.host)

    @property
    def database_location(self) -> str:
        """What `storage.database.Database` opens: the URL if one is set, else the file in the data folder."""
        return self.database_url or str(self.data / "respot.sqlite")

    @property
    def proxy_style(self) -> ProxyStyle:
        """How large and how good working copies are made."""
        return ProxyStyle(self.proxy_height, self.proxy_quality)

    @property
    def videos(self) -> Path:
        """One folder per imported video: its frame index and its working copy."""
        return self.data / "videos"

    @property
    def runs(self) -> Path:
        """One folder per run, in it one per member: checkpoint and evidence."""
        return self.data / "runs"

    @property
    def strips(self) -> Path:
        """Filmstrip pictures already encoded; may be deleted at any time."""
        return self.data / "strips"


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`, a name or an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(**flags: object) -> Settings:
    """Settings from flags (those that are not None), then the environment, then the defaults.

    Raises `BadConfig` naming the variable at fault.
    """
    given = {name: value for name, value in flags.items() if value is not None}
    try:
        return Settings(**given)  # pyright: ignore[reportArgumentType]
    except ValidationError as error:
        first = error.errors()[0]
        name = f"RESPOT_{str(first['loc'][0]).upper()}"
        raise BadConfig(f"{name}: {first['msg']}, not {first['input']!r}") from None
