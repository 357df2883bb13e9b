"""The sources: every contract with its module, found by their common stem, listed nowhere.

Flow: `dbt_project/models/staging/<source>/_<source>__sources.yml` + `ingestion/sources/<source>.py`
-> `Source`. Reading the registry opens the contracts only; modules are imported when used.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from ingestion.contract import STAGING_MODELS, Contract, read_contract
from p20w.errors import RegistryError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager

    from ingestion.landing import LandedFile
    from ingestion.offers import Offer, RemoteFile, SourceClient
    from ingestion.parts import Part

MODULES = Path(__file__).parent / "sources"


class SourceModule(Protocol):
    """The three functions of a source's module."""

    def releases(self, client: SourceClient) -> list[Offer]:
        """What upstream offers, newest first."""

    def files(self, release: Offer, client: SourceClient) -> Iterable[RemoteFile]:
        """What to fetch of a release."""

    def read(
        self, landed: LandedFile, contract: Contract, folder: Path | None = None
    ) -> AbstractContextManager[list[Part]]:
        """Bytes to rows of text, unpacked in the folder: pure, no network."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source: its contract, and its module once somebody asks."""

    contract: Contract
    contract_path: Path

    @property
    def name(self) -> str:
        """The stem."""
        return self.contract.name

    @property
    def module(self) -> SourceModule:
        """The source's three functions."""
        return cast(SourceModule, importlib.import_module(f"ingestion.sources.{self.name}"))


def sources() -> list[Source]:
    """All sources, by name.

    Raises:
        RegistryError: A contract is not well formed, or a stem lacks its partner.
    """
    return list(_discover(STAGING_MODELS, MODULES))


def source(name: str) -> Source:
    """The source of that name.

    Raises:
        RegistryError: There is none.
    """
    found = {one.name: one for one in sources()}
    if name not in found:
        raise RegistryError(f"There is no source {name}. Sources: {', '.join(found)}.")
    return found[name]


@cache
def _discover(contracts: Path, modules: Path) -> tuple[Source, ...]:
    contract_paths = {path.parent.name: path for path in contracts.glob("*/_*__sources.yml")}
    stems = {path.stem for path in modules.glob("*.py")} - {"__init__"}
    for stem in sorted(stems ^ contract_paths.keys()):
        raise RegistryError(
            f"Source {stem} lacks its {'contract' if stem in stems else 'module'}: expected"
            f" {contracts.name}/{stem}/_{stem}__sources.yml and {modules.name}/{stem}.py."
        )
    found = []
    for stem in sorted(stems):
        path = contract_paths[stem]
        contract = read_contract(path)
        if contract.name != stem or path.name != f"_{stem}__sources.yml":
            raise RegistryError(f"{path}: folder, file and source must have one name, {stem}.")
        found.append(Source(contract, path))
    return tuple(found)
