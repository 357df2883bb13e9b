"""Generated parts of a contract: columns that the loader adds, and the table.

Flow: contract -> `<column>_status`, `load_id`, `row_number` in the same file
(`p20w contract sync`), and -> `create table if not exists raw_<source>.<table>`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from ingestion.contract import LINEAGE, read_contract
from p20w.errors import RegistryError

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.contract import Contract, TableContract

INDENT = " " * 10
ALIGNED = {"bigint": 0, "timestamptz": 0, "integer": 1, "date": 1, "boolean": 2}
"""Types of fixed width, by how PostgreSQL aligns them; the others vary."""


def generated_columns(table: TableContract) -> dict[str, tuple[str, str]]:
    """The generated columns a table must have: name -> (data type, description)."""
    made: dict[str, tuple[str, str]] = {}
    for column in table.arriving:
        if column.meta.marks is not None:
            states = dict.fromkeys(["reported", *column.meta.marks.values(), "missing"])
            if any(column.name in layout.absent for layout in table.meta.layouts):
                states["never_collected"] = None
            told = f"State of {column.name}: {', '.join(states)}."
            made[f"{column.name}_status"] = ("text", told)
    return made | {name: (kind, f"{{{{ doc('{name}') }}}}") for name, kind in LINEAGE.items()}


def is_current(table: TableContract) -> bool:
    """Whether the generated columns in the file are the ones that the contract asks for."""
    there = {
        column.name: (column.data_type, column.description)
        for column in table.columns
        if column.meta.generated
    }
    return there == generated_columns(table)


def sync_contract(path: Path) -> bool:
    """Write the generated columns into a contract, leaving every other line as it is.

    Returns:
        Whether the file changed.
    """
    contract = read_contract(path)
    before = path.read_text(encoding="utf-8")
    lines = before.splitlines()
    spans = _column_lines(before)
    for table in reversed(contract.tables):
        columns = spans[table.name]
        end = columns[-1][1]
        for column, (start, stop) in reversed(list(zip(table.columns, columns, strict=True))):
            if column.meta.generated:
                del lines[start:stop]
                end -= stop - start
        lines[end:end] = _entries(table)
    after = "\n".join(lines) + "\n"
    if after != before:
        path.write_text(after, encoding="utf-8")
    return after != before


def create_table_sql(contract: Contract, table: TableContract) -> str:
    """The statement that makes a raw table where it is absent; names come checked.

    Wide columns go first, those of varying width last: no byte is then lost to alignment.
    """
    ordered = sorted(table.columns, key=lambda column: ALIGNED.get(column.data_type, len(ALIGNED)))
    columns = ", ".join(
        f"{column.name} {column.data_type}{' not null' if column.name in LINEAGE else ''}"
        for column in ordered
    )
    return f"create table if not exists {contract.schema_name}.{table.name} ({columns})"


def _entries(table: TableContract) -> list[str]:
    made = []
    for name, (kind, told) in generated_columns(table).items():
        quoted = f'"{told}"' if told.startswith("{{") else f"'{told}'"
        made += [
            f"{INDENT}- name: {name}",
            f"{INDENT}  data_type: {kind}",
            f"{INDENT}  description: {quoted}",
            f"{INDENT}  config: {{meta: {{generated: true}}}}",
        ]
    return made


def _column_lines(text: str) -> dict[str, list[tuple[int, int]]]:
    """First and past-last line of each column, by table."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    found: dict[str, list[tuple[int, int]]] = {}
    for table in _value(_value(root, "sources").value[0], "tables").value:
        items = _value(table, "columns").value
        found[_value(table, "name").value] = [
            (item.start_mark.line, _last_line(item) + 1) for item in items
        ]
    return found


def _last_line(node: yaml.Node) -> int:
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return max(_last_line(value) for _, value in node.value)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return max(_last_line(value) for value in node.value)
    return int(node.end_mark.line)


def _value(node: yaml.Node | None, key: str) -> yaml.Node:
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if name.value == key:
                return value  # type: ignore[no-any-return]
    raise RegistryError(f"The contract has no key `{key}` where one was expected.")
