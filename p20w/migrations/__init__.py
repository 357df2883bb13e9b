"""Migrations of the ledger (schema `ops`), by alembic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy


def upgrade(connection: sqlalchemy.Connection) -> None:
    """Bring `ops` to the newest revision inside the caller's transaction."""
    from alembic import command  # noqa: PLC0415 - alembic is only needed by init
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
