"""Contracts: what a source's files promise, read strictly from its dbt sources file.

dbt lets a misplaced key pass silently, so this reader does not: an unknown key is a `RegistryError`
with file and line. Flow: `_<source>__sources.yml` -> `Contract` -> readers, loader, door 1.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from ingestion.layout import Layout, Name, Regex, Strict
from p20w.errors import RegistryError
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STAGING_MODELS = CHECKOUT / "dbt_project" / "models" / "staging"
LINEAGE = {"load_id": "bigint", "row_number": "bigint"}
"""Generated columns of every raw table, beside `<column>_status` where marks exist."""

REPORTED: Literal["reported"] = "reported"
"""The status of a value without a mark: what the status columns of raw tables hold by default."""

Status = Literal[
    "reported",
    "top_coded",
    "suppressed_at_source",
    "not_collected",
    "never_collected",
    "not_applicable",
    "missing",
]
NUMBERS = ("integer", "bigint", "numeric")
DATA_TYPE = re.compile(r"text|integer|bigint|boolean|date|timestamptz|jsonb|numeric\((\d+),(\d+)\)")


def _data_type(text: str) -> str:
    if not DATA_TYPE.fullmatch(text):
        raise ValueError(
            "must be text, integer, bigint, numeric(p,s), boolean, date, timestamptz, jsonb"
        )
    return text


class ColumnMeta(Strict):
    """How a column is found in a file and read.

    `names` are header spellings of any vintage, `path` a dotted JSON path, `from_file` and
    `from_note` patterns whose group is found in the file's or member's name, or in a line around
    the table. Of a cell that fits `extract`, its group counts. `marks` map cell texts to statuses;
    with `marked_by` the texts are those of the column named, and the cell itself then says nothing.
    """

    names: tuple[str, ...] = ()
    path: str | None = None
    from_file: Regex | None = None
    from_note: Regex | None = None
    extract: Regex | None = None
    pattern: Regex | None = None
    marks: dict[str, Status] | None = None
    marked_by: Name | None = None
    blank: str | None = None
    formats: tuple[str, ...] = ()
    pad: int | None = Field(None, ge=1, le=20)
    strip_zeros: bool = False
    upper_case: bool = False
    required: bool = True
    optional: bool = False
    personal: bool = False
    generated: bool = False

    @model_validator(mode="after")
    def _one_origin(self) -> ColumnMeta:
        is_in_rows = bool(self.names) or self.path is not None  # of a table, or of JSON records
        origins = [is_in_rows, self.from_file is not None, self.from_note is not None]
        if sum(origins) != (0 if self.generated else 1):
            raise ValueError(
                "a column has names or a path, or one of from_file and from_note, or is generated"
            )
        if self.extract is not None and re.compile(self.extract).groupindex != {"cell": 1}:
            raise ValueError("`extract` has one group, named cell: (?P<cell>...)")
        if self.marked_by is not None and self.marks is None:
            raise ValueError("`marked_by` needs marks")
        return self


class _ColumnConfig(Strict):
    meta: ColumnMeta


class Column(Strict):
    """A column of a raw table."""

    name: Name
    data_type: Annotated[str, AfterValidator(_data_type)]
    description: str = Field(min_length=3)
    config: _ColumnConfig
    data_tests: tuple[Any, ...] = ()

    @property
    def meta(self) -> ColumnMeta:
        """What the loader needs."""
        return self.config.meta

    @property
    def precision_and_scale(self) -> tuple[int, int] | None:
        """Digits in all and after the point, of a numeric column."""
        found = DATA_TYPE.fullmatch(self.data_type)
        if found is None or found[1] is None:
            return None
        return int(found[1]), int(found[2])


class Contradiction(Strict):
    """Rows that contradict themselves, by the sign of their numbers, and why they are rejected.

    Example: `{reason: a change from nothing, when: {base: zero, change_pct: not_zero}}`.
    """

    reason: str = Field(min_length=10)
    when: dict[Name, Literal["zero", "not_zero", "negative"]] = Field(min_length=2)


class TableMeta(Strict):
    """What is true of a table: grain, key, how much may be rejected, its layouts."""

    grain: str = Field(min_length=10)
    natural_key: tuple[Name, ...] = Field(min_length=1)
    max_rejected_share: float = Field(ge=0, le=0.5)
    layouts: tuple[Layout, ...] = Field(min_length=1)
    duplicates: Literal["refuse", "keep"] = "refuse"
    where: dict[Name, tuple[str, ...]] = Field(default_factory=dict)
    contradictions: tuple[Contradiction, ...] = ()

    @field_validator("layouts", mode="before")
    @classmethod
    def _inherit(cls, layouts: Any) -> Any:
        """Spell out `like: <layout>`: everything of that layout, but for the keys given."""
        if not isinstance(layouts, list) or not all(isinstance(one, dict) for one in layouts):
            return layouts
        known: dict[object, dict[str, Any]] = {}
        for layout in layouts:
            whole = dict(layout)
            if "like" in whole:
                parent = known.get(whole.pop("like"))
                if parent is None:
                    raise ValueError("`like` must name a layout above")
                whole = parent | whole
            known[whole.get("name")] = whole
        return list(known.values())


class _TableConfig(Strict):
    meta: TableMeta


class TableContract(Strict):
    """A raw table."""

    name: Name
    description: str = Field(min_length=3)
    config: _TableConfig
    columns: tuple[Column, ...] = Field(min_length=1)
    data_tests: tuple[Any, ...] = ()

    @property
    def meta(self) -> TableMeta:
        """What the loader needs."""
        return self.config.meta

    @cached_property
    def arriving(self) -> tuple[Column, ...]:
        """Columns that files bring, without generated ones."""
        return tuple(column for column in self.columns if not column.meta.generated)

    @cached_property
    def statuses(self) -> frozenset[str]:
        """Names of the generated status columns."""
        generated = {column.name for column in self.columns if column.meta.generated}
        return frozenset(generated - LINEAGE.keys())

    @model_validator(mode="after")
    def _columns_agree(self) -> TableContract:
        names = [column.name for column in self.columns]
        if len(set(names)) != len(names):
            raise ValueError("a column's name occurs twice")
        mentioned = {*self.meta.natural_key, *self.meta.where}
        for layout in self.meta.layouts:
            mentioned |= {*layout.absent, *layout.keep}
            mentioned |= set(layout.groups.by) if layout.groups is not None else set()
        mentioned |= {one.meta.marked_by for one in self.columns if one.meta.marked_by is not None}
        mentioned |= {name for one in self.meta.contradictions for name in one.when}
        if unknown := mentioned - set(names):
            raise ValueError(f"names columns that do not exist: {', '.join(sorted(unknown))}")
        is_number = {one.name: one.data_type.startswith(NUMBERS) for one in self.columns}
        for rule in self.meta.contradictions:
            if words := sorted(name for name in rule.when if not is_number[name]):
                raise ValueError(f"contradictions compare numbers: {', '.join(words)} is none")
        return self


class SourceMeta(Strict):
    """What is true of a source: publisher, licence, access, calendar.

    A release replaces all before it, or the one of its name; or it is kept beside them, where the
    publisher revises figures and what was known earlier must remain known.
    """

    publisher: str
    landing_page: str
    official_url: str
    licence: str
    access: Literal["public", "restricted"]
    schedule: str = Field(pattern=r"^(\S+ ){4}\S+$")
    freshness_days: int = Field(ge=1)
    release_calendar: str = Field(min_length=10)
    each_release: Literal["replaces_all", "replaces_same", "kept"] = "replaces_same"
    first_period: str | None = None
    agreement_id: str | None = None
    legal_basis: str | None = None
    destroy_by: str | None = Field(None, pattern=r"^\d{4}-\d{2}-\d{2}$")
    credentials: Literal["oauth_client", "registration_key"] | None = None

    @model_validator(mode="after")
    def _restricted_has_an_agreement(self) -> SourceMeta:
        agreement = (self.agreement_id, self.legal_basis, self.destroy_by)
        if self.access == "restricted" and not all(agreement):
            raise ValueError("a restricted source names agreement_id, legal_basis and destroy_by")
        return self


class _SourceConfig(Strict):
    meta: SourceMeta


class Contract(Strict):
    """A source: its tables and what is true of all of them."""

    name: Name
    schema_name: Name = Field(alias="schema")
    description: str = Field(min_length=3)
    config: _SourceConfig
    tables: tuple[TableContract, ...] = Field(min_length=1)

    @property
    def meta(self) -> SourceMeta:
        """What the registry and the loader need."""
        return self.config.meta

    @property
    def is_restricted(self) -> bool:
        """Whether its files hold people."""
        return self.meta.access == "restricted"

    @cached_property
    def contract_version(self) -> str:
        """Sixteen hex digits over all that decides how bytes become rows: new version, new load."""
        told = {"description": True, "data_tests": True}
        tables = [
            table.model_dump(
                mode="json",
                exclude={**told, "columns": {"__all__": told}},
                exclude_defaults=True,  # a key that nobody uses yet is no new version
            )
            for table in self.tables
        ]
        return hashlib.sha256(json.dumps(tables, sort_keys=True).encode()).hexdigest()[:16]

    @property
    def resources(self) -> tuple[str, ...]:
        """What its layouts ask of the publisher by name: files, series, states."""
        layouts = [layout for table in self.tables for layout in table.meta.layouts]
        return tuple(dict.fromkeys(name for one in layouts for name in one.resources))

    @property
    def reads_file_names(self) -> bool:
        """Whether a column comes from the file's name, so that equal bytes may differ."""
        columns = (column for table in self.tables for column in table.arriving)
        return any(column.meta.from_file is not None for column in columns)

    def table(self, name: str) -> TableContract:
        """The table of that name.

        Raises:
            RegistryError: There is none.
        """
        for table in self.tables:
            if table.name == name:
                return table
        raise RegistryError(f"Source {self.name} has no table {name}.")

    @model_validator(mode="after")
    def _schema_follows_the_name(self) -> Contract:
        if self.schema_name != f"raw_{self.name}":
            raise ValueError(f"schema must be raw_{self.name}")
        return self


class _File(Strict):
    version: Literal[2]
    sources: tuple[Contract, ...] = Field(min_length=1, max_length=1)


def read_contract(path: Path) -> Contract:
    """Read a contract strictly.

    Raises:
        RegistryError: The file is not well formed; the message names file, line and key.
    """
    text = path.read_text(encoding="utf-8")
    loader = yaml.CSafeLoader(text)
    try:
        root = loader.get_single_node()
        content = loader.construct_document(root)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RegistryError(f"{path}, line {line}: not YAML: {error.problem}.") from error
    for repeated in _repeated_keys(root):
        raise RegistryError(
            f"{path}, line {repeated.start_mark.line + 1}: key `{repeated.value}` occurs twice."
        )
    try:
        return _File.model_validate(content).sources[0]
    except ValidationError as error:
        found = error.errors()
        unknown = [one for one in found if one["type"] == "extra_forbidden"]
        first = (unknown or found)[0]
        where, line = _locate(root, first["loc"])
        raise RegistryError(
            f"{path}, line {line}: {where}: {first['msg']}. Mend the contract."
        ) from error


def _repeated_keys(node: yaml.Node | None) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                yield key
            seen.add(key.value)
            yield from _repeated_keys(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _repeated_keys(item)


def _locate(node: yaml.Node | None, location: tuple[int | str, ...]) -> tuple[str, int]:
    """The place of a finding: its path in words, and the line of the deepest node that exists."""
    line = 1
    for step in location:
        found = None
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = (node.value[step], node.value[step]) if step < len(node.value) else None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return ".".join(str(step) for step in location), line
