"""What the loader sends is what PostgreSQL holds, and what fails tells no row to anybody."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from ingestion import load
from ingestion.binary_copy import encode
from ingestion.contract import Contract
from ingestion.contract_sync import generated_columns
from ingestion.landing import LandedFile
from ingestion.load import load_file
from ingestion.load_ledger import LoadResult
from ingestion.raw_tables import ensure_tables
from ingestion.registry import sources
from ingestion.session import transaction
from p20w.errors import ContractViolation, DatabaseBusy, DatabaseError
from p20w.ledger import now
from p20w.postgres import connect, dsn
from p20w.settings import Settings
from tests.integration.survival import until

pytestmark = pytest.mark.integration
TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"))
NUMERICS = {(10, 2), (10, 6), (5, 4), (4, 0), (18, 9), (19, 1), (38, 10)}
TYPES: dict[str, tuple[pa.DataType, st.SearchStrategy[Any]]] = {
    "text": (pa.string(), TEXT),
    "integer": (pa.int32(), st.integers(-(2**31), 2**31 - 1)),
    "bigint": (pa.int64(), st.integers(-(2**63), 2**63 - 1)),
    "boolean": (pa.bool_(), st.booleans()),
    "date": (pa.date32(), st.dates(date(1, 1, 1), date(9999, 12, 31))),
    "timestamptz": (
        pa.timestamp("us", "UTC"),
        st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - Hypothesis takes the bounds naive
    ),
    "jsonb": (
        pa.json_(),
        st.dictionaries(TEXT, TEXT | st.integers() | st.none(), max_size=3).map(
            lambda one: json.dumps(one, ensure_ascii=False)
        ),
    ),
    **{
        f"numeric({digits},{scale})": (
            pa.decimal128(digits, scale),
            st.integers(1 - 10**digits, 10**digits - 1).map(
                lambda units, scale=scale: Decimal(f"{units}e-{scale}")
            ),
        )
        for digits, scale in NUMERICS
    },
}


def rows(settings: Settings, statement: str) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement).fetchall()


def test_every_type_of_a_contract_is_tried() -> None:
    used = {
        column.data_type
        for one in sources()
        for table in one.contract.tables
        for column in table.columns
    }

    assert {kind for kind in used if not kind.startswith("numeric")} < set(TYPES)
    assert any(kind.startswith("numeric") for kind in used)


@pytest.mark.parametrize("kind", sorted(TYPES))
def test_a_column_comes_back_as_it_was_sent(settings: Settings, kind: str) -> None:
    arrow, values = TYPES[kind]

    @examples(
        max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.lists(st.none() | values, min_size=1, max_size=20))
    def comes_back(cells: list[Any]) -> None:
        batch = pa.RecordBatch.from_pydict(
            {"place": pa.array(range(len(cells)), pa.int32()), "cell": pa.array(cells, arrow)}
        )
        with transaction(dsn(settings, "owner")) as session:
            session.rows("set local time zone 'UTC'")
            session.rows(f"create temporary table t (place integer, cell {kind}) on commit drop")

            taken = session.copy("pg_temp", "t", ["place", "cell"], encode(batch))

            found = [row[0] for row in session.rows("select cell from t order by place")]
        wanted = [json.loads(one) if kind == "jsonb" and one else one for one in cells]
        assert taken == len(cells)
        assert found == wanted

    comes_back()


def test_a_decimal_keeps_its_scale(settings: Settings) -> None:
    batch = pa.RecordBatch.from_pydict(
        {"x": pa.array([Decimal("0.00"), Decimal("-7.10")], pa.decimal128(6, 2))}
    )
    with transaction(dsn(settings, "owner")) as session:
        session.rows("create temporary table t (x numeric(6,2))")
        session.copy("pg_temp", "t", ["x"], encode(batch))
        found = session.rows("select cast(x as text), x = abs(x) from t order by x")

    assert found == [("-7.10", False), ("0.00", True)]


@pytest.fixture
def people(settings: Settings) -> Settings:
    """A table that refuses a person."""
    with connect(settings, "owner") as connection:
        connection.execute("create table public.people (name text check (name <> 'Quellmalz'))")
    return settings


def named(*names: str) -> Iterator[memoryview]:
    return encode(pa.RecordBatch.from_pydict({"name": pa.array(names)}))


def server_log(settings: Settings) -> str:
    [[folder]] = rows(settings, "select current_setting('data_directory')")
    return (Path(folder).parent / "server.log").read_text()


def test_what_fails_on_our_side_is_raised_here_and_not_told_to_the_server(
    people: Settings,
) -> None:
    def broken() -> Iterator[memoryview]:
        yield from named("Adam")
        raise ContractViolation("the row of Quellmalz ends in the middle")

    with (
        pytest.raises(ContractViolation, match="Quellmalz ends"),
        transaction(dsn(people, "owner")) as session,
    ):
        session.rows("set log_min_messages = 'error'")  # a server of one's own may log them
        session.copy("public", "people", ["name"], broken())

    assert rows(people, "select count(*) from public.people") == [(0,)]
    assert "the loader stopped" in server_log(people)
    assert "Quellmalz" not in server_log(people)


def test_what_fails_on_both_sides_is_logged_nowhere(
    people: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> Iterator[memoryview]:
        yield from named("Quellmalz")
        raise ContractViolation("the file ends in the middle")

    with (
        caplog.at_level(logging.DEBUG),
        pytest.raises(ContractViolation, match="ends in the middle"),
        transaction(dsn(people, "owner")) as session,
    ):
        session.rows("set log_min_messages = 'error'")  # a server of one's own may log them
        session.copy("public", "people", ["name"], broken())

    assert "Quellmalz" not in caplog.text
    assert "people_name_check" in server_log(people)
    assert "Quellmalz" not in server_log(people)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("Quellmalz", r"sqlstate=23514, relation=public.people, constraint=people_name_check"),
        ("Quell\0malz", r"sqlstate=22021, relation=public.people"),
    ],
    ids=["against a constraint", "no text for PostgreSQL"],
)
def test_a_row_that_the_server_refuses_is_told_by_its_relation_alone(
    people: Settings, name: str, told: str
) -> None:
    with (
        pytest.raises(DatabaseError, match=told) as refused,
        transaction(dsn(people, "owner")) as session,
    ):
        session.copy("public", "people", ["name"], named("Adam", name, *["Eva"] * 100_000))

    assert "malz" not in repr(refused.value)
    assert refused.value.__suppress_context__


def test_a_connection_lost_in_mid_copy_may_be_tried_again(people: Settings) -> None:
    def lost() -> Iterator[memoryview]:
        yield from named("Adam")
        with connect(people, "owner") as other:
            other.execute(
                "select pg_terminate_backend(pid, 10000) from pg_stat_progress_copy"
                " where relid = cast('public.people' as regclass)"
            )
        yield from named(*["Eva"] * 1_000_000)

    with (
        pytest.raises(DatabaseBusy, match="try again"),
        transaction(dsn(people, "owner")) as session,
    ):
        session.copy("public", "people", ["name"], lost())

    assert rows(people, "select count(*) from public.people") == [(0,)]


def fruit_contract() -> Contract:
    """A table with two marked columns; sources of their own schema are not needed for it."""
    columns: list[dict[str, Any]] = [
        {"name": "code", "data_type": "text", "config": {"meta": {"names": ["code"]}}}
    ]
    for name in ("weight", "price"):
        marks = {"*": "suppressed_at_source", "#": "top_coded"}
        meta = {"names": [name], "marks": marks, "required": False}
        columns.append({"name": name, "data_type": "numeric(6,2)", "config": {"meta": meta}})
    meta = {
        "grain": "One row per code of the file.",
        "natural_key": ["code"],
        "max_rejected_share": 0.5,
        "layouts": [{"name": "official", "files": ".", "format": "csv", "row_band": (0, 10**6)}],
    }
    source = {
        **{"publisher": "P", "landing_page": "L", "official_url": "U", "licence": "F"},
        **{"access": "public", "schedule": "0 4 * * 1", "freshness_days": 9},
        **{"release_calendar": "Each spring."},
    }

    def contract() -> Contract:
        described = [{"description": "A column.", **column} for column in columns]
        return Contract.model_validate(
            {
                "name": "crosswalks",
                "schema": "raw_crosswalks",
                "description": "Fruit.",
                "config": {"meta": source},
                "tables": [
                    {
                        "name": "fruit",
                        "description": "Fruit.",
                        "columns": described,
                        "config": {"meta": meta},
                    }
                ],
            }
        )

    for name, (kind, _) in generated_columns(contract().tables[0]).items():
        columns.append({"name": name, "data_type": kind, "config": {"meta": {"generated": True}}})
    return contract()


def load_fruit(settings: Settings, path: Path, *lines: str) -> LoadResult:
    path.write_text("\n".join(["code,weight,price", *lines]) + "\n")
    landed = LandedFile("crosswalks", "r", "fruit.csv", str(path), "", path.name, 0, now())
    return load_file(landed, fruit_contract(), dsn(settings, "loader"))


FRUIT = """
    select code, weight, weight_status, price, price_status
    from raw_crosswalks.fruit
    order by load_id, row_number
"""


@pytest.mark.parametrize("worth", [0, 1 << 20], ids=["a COPY each", "one COPY for all"])
def test_rows_with_and_without_marks_have_their_statuses(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, worth: int
) -> None:
    monkeypatch.setattr(load, "WORTH_A_COPY_BYTES", worth)
    marked = ["1,1.5,2", "2,*,2", "3,#,", "4,bad,*", "5,0.25,0"]
    others = [f"{code},{code},{code}.25" for code in range(6, 300)]

    load_id = load_fruit(settings, tmp_path / "a", *marked, *others).load_id

    found = rows(settings, FRUIT)
    assert found[:4] == [
        ("1", Decimal("1.50"), "reported", Decimal(2), "reported"),
        ("2", None, "suppressed_at_source", Decimal(2), "reported"),
        ("3", None, "top_coded", None, "missing"),
        ("5", Decimal("0.25"), "reported", Decimal(0), "reported"),
    ]
    assert found[4:] == [
        (str(code), Decimal(code), "reported", Decimal(code) + Decimal("0.25"), "reported")
        for code in range(6, 300)
    ]
    scales = "select distinct scale(weight + price) from raw_crosswalks.fruit where weight > 0"
    assert rows(settings, scales) == [(2,)]
    assert rows(settings, "select row_counts, rejected_count from ops.load") == [
        ({"fruit": 298}, 1)
    ]
    assert rows(settings, "select load_id, row_number, value from ops.rejected_row") == [
        (load_id, 4, "bad")
    ]


def test_a_table_without_the_default_of_its_statuses_gets_it_and_keeps_its_rows(
    settings: Settings, tmp_path: Path
) -> None:
    load_fruit(settings, tmp_path / "a", "1,1,1")
    with connect(settings, "owner") as connection:
        connection.execute("alter table raw_crosswalks.fruit drop column price_status")
        connection.execute(
            "alter table raw_crosswalks.fruit alter column weight_status drop default"
        )

    load_fruit(settings, tmp_path / "b", "2,2,2")

    one, two = Decimal(1), Decimal(2)
    assert rows(settings, FRUIT) == [
        ("1", one, "reported", one, None),
        ("2", two, "reported", two, "reported"),
    ]


def test_the_default_is_set_once(settings: Settings) -> None:
    contract = fruit_contract()
    ensure_tables(contract, dsn(settings, "loader"))
    with connect(settings, "owner") as reader:
        reader.execute("select 1 from raw_crosswalks.fruit")  # its lock is kept to the end

        impatient = f"{dsn(settings, 'loader')}?options=-c%20lock_timeout%3D3s"
        ensure_tables(contract, impatient)

    assert rows(settings, "select count(*) from raw_crosswalks.fruit") == [(0,)]


def test_of_two_loads_of_one_content_at_once_the_second_finds_the_first(
    settings: Settings, tmp_path: Path
) -> None:
    lock = "hashtextextended('p20w.load crosswalks a', 0)"
    with connect(settings, "owner") as holder, ThreadPoolExecutor(2) as pool:
        holder.execute(f"select pg_advisory_lock({lock})")
        held_up = f"{holder.info.backend_pid} = any(pg_blocking_pids(pid))"
        both = [pool.submit(load_fruit, settings, tmp_path / "a", "1,2,3") for _ in range(2)]
        waiting = f"select count(*) from pg_stat_activity where {held_up}"
        until(lambda: rows(settings, waiting) == [(2,)])
        holder.execute(f"select pg_advisory_unlock({lock})")
        first, second = (one.result() for one in both)

    assert {first.is_new, second.is_new} == {True, False}
    assert first.load_id == second.load_id
    assert rows(settings, "select count(*) from raw_crosswalks.fruit") == [(1,)]
