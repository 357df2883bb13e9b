"""The catalogue of checks: `catalogue.yml`, one entry a check, read strictly.

Flow: `catalogue.yml` -> `Catalogue` -> the decision at a door, messages, Data Docs.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from expectations.doors import Door, Severity
from p20w.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

CATALOGUE = Path(__file__).with_name("catalogue.yml")

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-zA-Z0-9_]*$", max_length=60)]
Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=20)]


class Entry(BaseModel):
    """A check: what it means, when it matters, how to fix it, and whose it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier
    door: Door
    severity: Severity
    meaning: Sentence
    when_it_matters: Sentence
    how_to_fix: Sentence
    owner: Annotated[str, StringConstraints(min_length=3)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    checks: tuple[Entry, ...] = Field(min_length=1)


class Catalogue:
    """All entries, by id.

    Args:
        entries: Entries with different ids.

    Raises:
        ConfigurationError: Two entries share an id.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[str, Entry] = {}
        for entry in entries:
            if entry.id in self._entries:
                raise ConfigurationError(f"Check {entry.id} stands twice in the catalogue.")
            self._entries[entry.id] = entry

    def entry(self, check_id: str) -> Entry:
        """The entry of an id that is known to be there."""
        return self._entries[check_id]

    def of_door(self, door: Door) -> tuple[Entry, ...]:
        """The entries of a door, in the file's order."""
        return tuple(entry for entry in self._entries.values() if entry.door == door)

    def ids(self) -> frozenset[str]:
        """All ids."""
        return frozenset(self._entries)


def read_catalogue(path: Path = CATALOGUE) -> Catalogue:
    """Read the catalogue.

    Raises:
        ConfigurationError: A key is missing, unknown or not of its type; the message names each.
    """
    try:
        content = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        return Catalogue(_File.model_validate(content).checks)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path.name} is not YAML: {error}") from error
    except ValidationError as error:
        told = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}"
            for fault in error.errors()
        )
        raise ConfigurationError(f"{path.name} is not well formed: {told}.") from error
