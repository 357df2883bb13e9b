"""Settings, each documented once, here: environment `P20W_*`, or a file `.env` in the checkout.

The environment wins; the working directory does not matter: Airflow's tasks see the same file.
Flow: environment -> `Settings` -> every module that needs a folder, an address or a switch.
"""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, PrivateAttr
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

if TYPE_CHECKING:
    from collections.abc import Mapping

CHECKOUT = Path(__file__).resolve().parent.parent
"""The project's root: it runs from its checkout or its image, no wheel is offered."""


class Settings(BaseSettings):
    """What an owner may choose. Field `x` is read from `P20W_X`."""

    model_config = SettingsConfigDict(
        env_prefix="P20W_", env_file=CHECKOUT / ".env", extra="ignore", frozen=True
    )

    home: Path = Field(CHECKOUT / ".p20w", description="Where everything of this instance lives.")
    database_url: str | None = Field(
        None,
        description="An existing PostgreSQL (>= 16) instead of the embedded one: the owner's"
        " postgresql:// address of the warehouse database.",
    )
    role_prefix: str | None = Field(
        None, description="Prefix of the group and login roles; default: the database's name."
    )
    server_user: str | None = Field(
        None,
        description="As root, the unprivileged account that runs the embedded PostgreSQL;"
        " default: postgres or nobody.",
    )
    landing_url: str | None = Field(
        None, description="The landing zone, file:// or s3://; default: the home's folder landing."
    )
    contact: str | None = Field(
        None,
        description="An e-mail address for the User-Agent: publishers such as BLS ask for one.",
    )
    state: Literal["WI"] = Field("WI", description="The state whose rules and geography are used.")
    synthetic_students: int = Field(
        25_000, ge=200, le=2_000_000, description="Size of the invented Wisconsin of the demo."
    )
    synthetic_seed: int = Field(2026, description="Seed of the invented Wisconsin.")
    notify_webhook_url: str | None = Field(
        None, description="Where a failed task posts a JSON message; off by default."
    )
    notify_email: str | None = Field(
        None, description="Who gets an e-mail about a failed task; off by default."
    )

    _file: Mapping[str, str | None] = PrivateAttr(default_factory=dict)

    def __init__(self, **values: Any) -> None:
        """Read them; what the file says beyond the fields is kept for `source_url`."""
        super().__init__(**values)
        env_file = values.get("_env_file", self.model_config.get("env_file"))
        self._file = DotEnvSettingsSource(type(self), env_file=env_file).env_vars

    @cached_property
    def landing(self) -> str:
        """Address of the landing zone."""
        return self.landing_url or (self.home.absolute() / "landing").as_uri()

    def source_url(self, source: str) -> str | None:
        """Address that replaces a source's official one: `P20W_<SOURCE>_URL`, or None.

        Sources are found, not listed, so that they cannot be fields.
        """
        name = f"P20W_{source.upper()}_URL"
        return os.environ.get(name, self._file.get(name.lower())) or None


def load_settings() -> Settings:
    """Read the settings from the environment."""
    return Settings()
