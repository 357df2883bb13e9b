"""Loading 2,000,000 rows of 20 typed columns with marks and 0.1 % rejects, against two others.

The others: the server's own COPY of the same bytes into text columns (no types, no marks, no
manifest: the floor), and bare pyarrow + ADBC (types guessed, so columns with marks stay text).
Alike for all: the table is there and empty before the clock starts, so that each writes its rows to
the log as well (a table made in the same transaction would be spared that); a checkpoint goes
before; the ways take turns. Each runs in a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import psutil
import psycopg
import pyarrow as pa
from pyarrow import compute as pc
from pyarrow import csv as arrow_csv
from rich.table import Table

from ingestion.contract import Contract
from ingestion.contract_sync import generated_columns
from p20w import warehouse
from p20w.bench.cost import cost_of
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import DatabaseError
from p20w.postgres import connect, dsn
from p20w.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

ROWS = 2_000_000
REJECTED_SHARE = 0.001
SUPPRESSED_SHARE = 0.02
TOP_CODED_SHARE = 0.005
SEED = 20
ROUNDS = 9
FLOOR, BARE, OURS = "server_copy", "pyarrow_adbc", "p20w"
Measured = dict[str, float]
COLUMNS: dict[str, tuple[str, bool]] = {
    "area_code": ("text", False),
    "soc_code": ("text", False),
    "naics_code": ("text", False),
    "ownership": ("text", False),
    "calendar_year": ("integer", False),
    "quarter": ("integer", False),
    "establishment_count": ("integer", False),
    "employment_count": ("bigint", True),
    "month1_count": ("bigint", True),
    "month2_count": ("bigint", False),
    "total_wage_usd": ("bigint", False),
    "hourly_mean_wage_usd": ("numeric(12,2)", True),
    "hourly_median_wage_usd": ("numeric(12,2)", True),
    "annual_mean_wage_usd": ("numeric(12,2)", False),
    "location_quotient": ("numeric(10,3)", False),
    "published_date": ("date", False),
    "revised_date": ("date", False),
    "is_preliminary": ("boolean", False),
    "area_title": ("text", False),
    "note": ("text", False),
}


def bench_loading(console: Console) -> None:
    """Measure and print rates, ratios and peak memory."""
    with tempfile.TemporaryDirectory(prefix="p20w-bench-") as name:
        home = Path(name)
        home.chmod(0o711)
        console.print(f"loading: writing {ROWS:,} rows of {len(COLUMNS)} columns")
        path = home / "bench.csv"
        write_rows(path, ROWS)
        path.chmod(0o644)
        settings = Settings(home=home / "home")
        warehouse.start(settings)
        try:
            warehouse.initialise(settings, ["bench"])
            server = EmbeddedPostgres(settings.home)
            rounds = [
                {way: _measure(way, server, settings, path) for way in (FLOOR, BARE, OURS)}
                for _ in range(ROUNDS)
            ]
        finally:
            EmbeddedPostgres(settings.home).stop()
        _print(console, path, rounds)


def write_rows(path: Path, rows: int) -> None:
    """Write the file: marks `*` and `#` in four columns, and cells that cannot be typed."""
    rng = np.random.default_rng(SEED)
    step = 250_000
    for start in range(0, rows, step):
        table = _block(rng, min(step, rows - start))
        with path.open("wb" if start == 0 else "ab") as out:
            arrow_csv.write_csv(
                table, out, arrow_csv.WriteOptions(include_header=start == 0, quoting_style="none")
            )


def _block(rng: np.random.Generator, rows: int) -> pa.Table:
    made: dict[str, pa.Array] = {}
    for name, (kind, has_marks) in COLUMNS.items():
        text = _cells(rng, kind, rows)
        if has_marks:
            drawn = rng.random(rows)
            text = pc.if_else(pa.array(drawn < SUPPRESSED_SHARE), "*", text)
            text = pc.if_else(pa.array(drawn > 1 - TOP_CODED_SHARE), "#", text)
        made[name] = text
    bad = pa.array(rng.random(rows) < REJECTED_SHARE)
    made["calendar_year"] = pc.if_else(bad, "20x4", made["calendar_year"])
    return pa.table(made)


def _cells(rng: np.random.Generator, kind: str, rows: int) -> pa.Array:
    if kind.startswith("numeric"):
        scale = 3 if kind.endswith("3)") else 2
        units = rng.integers(1_000, 9_999_999, rows)
        whole = pa.array(units // 10**scale).cast(pa.string())
        part = pc.utf8_lpad(pa.array(units % 10**scale).cast(pa.string()), scale, "0")
        return pc.binary_join_element_wise(whole, part, ".")
    if kind == "date":
        days = rng.integers(15_000, 20_000, rows).astype("int32")
        return pa.array(days).cast(pa.date32()).cast(pa.string())
    if kind == "boolean":
        return pc.if_else(pa.array(rng.integers(0, 2, rows) == 1), "true", "false")
    if kind == "text":
        return pc.utf8_lpad(pa.array(rng.integers(0, 99_999, rows)).cast(pa.string()), 6, "0")
    return pa.array(rng.integers(1, 2_000_000, rows)).cast(pa.string())


def bench_contract() -> Contract:
    """A contract for the file, as a source would have it."""
    columns: list[dict[str, Any]] = []
    for name, (kind, has_marks) in COLUMNS.items():
        meta: dict[str, Any] = {"names": [name]}
        if has_marks:
            meta |= {"marks": {"*": "suppressed_at_source", "#": "top_coded"}, "required": False}
        columns.append(_column(name, kind, meta))
    table = {
        "name": "cells",
        "description": "Rows of the bench.",
        "config": {
            "meta": {
                "grain": "One row per line of the file.",
                "natural_key": ["area_code"],
                "duplicates": "keep",
                "max_rejected_share": 0.01,
                "layouts": [
                    {"name": "official", "files": "csv$", "format": "csv", "row_band": [0, 10**8]}
                ],
            }
        },
        "columns": columns,
    }
    meta = {
        "publisher": "bench", "landing_page": "-", "official_url": "-", "licence": "-",
        "access": "public", "schedule": "0 0 * * *", "freshness_days": 1,
        "release_calendar": "When it is measured.",
    }  # fmt: skip
    source = {"name": "bench", "schema": "raw_bench", "description": "The bench."}
    contract = Contract.model_validate({**source, "config": {"meta": meta}, "tables": [table]})
    for name, (kind, description) in generated_columns(contract.tables[0]).items():
        columns.append({**_column(name, kind, {"generated": True}), "description": description})
    return Contract.model_validate({**source, "config": {"meta": meta}, "tables": [table]})


def _column(name: str, kind: str, meta: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "data_type": kind, "description": name, "config": {"meta": meta}}


def _measure(way: str, server: EmbeddedPostgres, settings: Settings, path: Path) -> Measured:
    _empty(settings)
    command = [sys.executable, "-m", "p20w.bench.loading", way, str(settings.home), str(path)]
    before = _cpu_seconds(server)
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: Measured = json.loads(done.stdout)
    return measured | {"server_cpu": _cpu_seconds(server) - before}


def _empty(settings: Settings) -> None:
    names = ", ".join(f"{name} text" for name in COLUMNS)
    with psycopg.connect(dsn(settings, "owner"), autocommit=True) as connection:
        for table in ("bench_text", "bench_bare"):
            connection.execute(f"drop table if exists public.{table}")
        connection.execute(f"create table public.bench_text ({names})")
        found = connection.execute("select to_regclass('raw_bench.cells')").fetchone()
        if found != (None,):
            connection.execute("truncate raw_bench.cells")
        connection.execute("checkpoint")


def _cpu_seconds(server: EmbeddedPostgres) -> float:
    """Processor time of the server so far: processes that run, and those that have ended."""
    postmaster = psutil.Process(int((server.data / "postmaster.pid").read_text().split()[0]))
    while True:
        try:
            running = [child.cpu_times() for child in postmaster.children()]
        except psutil.NoSuchProcess:  # it ended meanwhile: its time is the postmaster's now
            continue
        told = postmaster.cpu_times()
        ended = told.user + told.system + told.children_user + told.children_system
        return float(ended + sum(one.user + one.system for one in running))


def _print(console: Console, path: Path, rounds: list[dict[str, Measured]]) -> None:
    table = Table(
        "loading", "s", "rows/s", "speed / COPY", "speed / pyarrow+ADBC", "CPU s", "peak MB"
    )
    of = {way: [one[way] for one in rounds] for way in rounds[0]}
    for way, every in of.items():
        measured = min(every, key=_seconds)
        seconds = measured["seconds"]
        table.add_row(
            way,
            f"{seconds:.2f}",
            f"{ROWS / seconds:,.0f}",
            *("1.00" if way == other else _ratio(of[other], every) for other in (FLOOR, BARE)),
            f"{measured['client_cpu']:.1f} + server {measured['server_cpu']:.1f}",
            f"{measured['peak_mb']:.0f} (Arrow pool {measured['arrow_mb']:.0f})",
        )
    console.print(table)
    console.print(
        f"  {path.stat().st_size / 1e6:.0f} MB; best of {len(rounds)} rounds each; of ratios within"
        " a round the median, in brackets the lowest and the highest"
    )


def _ratio(others: list[Measured], ways: list[Measured]) -> str:
    """How many times as quick as another, within a round: machines change speed between rounds."""
    single = sorted(_seconds(its) / _seconds(way) for its, way in zip(others, ways, strict=True))
    return f"{statistics.median(single):.2f} ({single[0]:.2f}-{single[-1]:.2f})"


def _seconds(measured: Measured) -> float:
    return measured["seconds"]


def _server_copy(settings: Settings, path: Path) -> Callable[[], None]:
    def load() -> None:
        with connect(settings, "owner") as connection:
            connection.execute(f"copy public.bench_text from '{path}' csv header")

    return load


def _pyarrow_adbc(settings: Settings, path: Path) -> Callable[[], None]:
    import adbc_driver_postgresql.dbapi  # noqa: PLC0415 - only this way needs it

    def ingest(reader: pa.RecordBatchReader, mode: str) -> None:
        with adbc_driver_postgresql.dbapi.connect(dsn(settings, "owner")) as connection:
            with connection.cursor() as cursor:
                cursor.adbc_ingest("bench_bare", reader, mode=mode, db_schema_name="public")
            connection.commit()

    with arrow_csv.open_csv(path) as reader:
        ingest(pa.RecordBatchReader.from_batches(reader.schema, []), "create")
    return lambda: ingest(arrow_csv.open_csv(path), "append")


def _p20w(settings: Settings, path: Path) -> Callable[[], None]:
    from ingestion.landing import LandedFile  # noqa: PLC0415
    from ingestion.load import load_file  # noqa: PLC0415
    from p20w.ledger import now  # noqa: PLC0415

    hash_of_round = str(time.time_ns())
    landed = LandedFile(
        source="bench",
        release=hash_of_round,
        name=path.name,
        path=path.as_uri(),
        sha256=hash_of_round,
        content_hash=hash_of_round,
        size_bytes=path.stat().st_size,
        retrieved_at=now(),
    )

    contract = bench_contract()

    def load() -> None:
        told = load_file(landed, contract, dsn(settings, "loader"))
        if sum(told.row_counts.values()) + told.rejected_count != ROWS:
            raise DatabaseError(f"Of {ROWS} rows some are neither loaded nor rejected: {told}.")

    return load


def main() -> None:
    """Run one way once and print its seconds, processor time and peak memory as JSON."""
    way, home, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    ways = {FLOOR: _server_copy, BARE: _pyarrow_adbc, OURS: _p20w}
    load = ways[way](Settings(home=home), path)
    _, figures = cost_of(load)
    figures["arrow_mb"] = pa.default_memory_pool().max_memory() / 1e6
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
