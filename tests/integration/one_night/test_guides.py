"""The queries of the guides run as a reader of the marts would run them, and find something."""

from __future__ import annotations

import re

import pytest

from p20w.postgres import connect
from p20w.settings import CHECKOUT
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration

QUERIES = [
    (path.name, statement.strip())
    for path in sorted((CHECKOUT / "docs").glob("*.md"))
    for block in re.findall(r"```sql\n(.*?)```", path.read_text(), re.DOTALL)
    for statement in block.split(";")
    if statement.strip()
]


def test_the_guides_have_queries() -> None:
    assert {name for name, _ in QUERIES} >= {"analysts-guide.md", "quick-start.md"}


@pytest.mark.parametrize(
    "statement",
    [statement for _, statement in QUERIES],
    ids=[f"{name}-{number}" for number, (name, _) in enumerate(QUERIES)],
)
def test_a_guides_query_finds_rows(night: Night, statement: str) -> None:
    with connect(night.settings, "bi_reader") as connection:
        rows = connection.execute(statement.encode()).fetchall()

    assert rows != []
