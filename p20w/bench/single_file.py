"""A national file of the employment census, of which one state's rows are loaded.

14.7 million rows of 42 columns, about 2 GB, written into a temporary folder: areas one after the
other as the publisher has them, four fifths of the cells undisclosed. The other way is a bare scan
of the same file by pyarrow, every cell as text (guessed types lose zeros, and a later block does
not fit what the first one was guessed to be). Each runs in a process of its own; they take turns.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psycopg
import pyarrow as pa
from pyarrow import csv as arrow_csv
from rich.table import Table

from p20w import warehouse
from p20w.bench.cost import cost_of
from p20w.embedded_postgres import EmbeddedPostgres
from p20w.errors import DatabaseError
from p20w.postgres import dsn
from p20w.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

SOURCE = "bls_qcew"
FILE_NAME = "2023.q1-q1.singlefile.csv"
OTHER_STATES = 50
COUNTIES, OUR_COUNTIES = 62, 72
OUR_FIPS = "55"
ROWS_OF_AN_AREA = 4_558
UNDISCLOSED_SHARE = 0.8
TEMPLATES = 8
PRIVATE_INDUSTRIES = 2_400
SEED = 42
ROUNDS = 3
BARE, OURS = "pyarrow_scan", "p20w"
MEASURES = (
    "qtrly_estabs", "month1_emplvl", "month2_emplvl", "month3_emplvl", "total_qtrly_wages",
    "taxable_qtrly_wages", "qtrly_contributions", "avg_wkly_wage",
)  # fmt: skip
HEADER = (
    "area_fips", "own_code", "industry_code", "agglvl_code", "size_code", "year", "qtr",
    "disclosure_code", *MEASURES, "lq_disclosure_code", *(f"lq_{name}" for name in MEASURES),
    "oty_disclosure_code",
    *(f"oty_{name}_{kind}" for name in MEASURES for kind in ("chg", "pct_chg")),
)  # fmt: skip
PLACE = b"@@@@@"
Measured = dict[str, float]


def bench_single_file(console: Console) -> None:
    """Measure and print seconds, the ratio and peak memory."""
    with tempfile.TemporaryDirectory(prefix="p20w-bench-") as name:
        home = Path(name)
        home.chmod(0o711)
        path = home / FILE_NAME
        count = write_single_file(path, area_codes())
        console.print(
            f"single file: {count:,} rows of {len(HEADER)} columns,"
            f" {path.stat().st_size / 1e9:.2f} GB"
        )
        path.chmod(0o644)
        settings = Settings(home=home / "home")
        warehouse.start(settings)
        try:
            warehouse.initialise(settings, [SOURCE])
            rounds = [
                {way: _measure(way, settings, path) for way in (BARE, OURS)} for _ in range(ROUNDS)
            ]
        finally:
            EmbeddedPostgres(settings.home).stop()
        _print(console, count, rounds)


def area_codes() -> list[str]:
    """Codes of 3,225 areas: states with their counties, the reporting state with its 72, nation."""
    made = []
    for state in [f"{number:02d}" for number in range(1, OTHER_STATES + 1)] + [OUR_FIPS]:
        count = OUR_COUNTIES if state == OUR_FIPS else COUNTIES
        made += [f"{state}000", *(f"{state}{2 * county + 1:03d}" for county in range(count))]
    return [*made, f"{OUR_FIPS}999", "US000"]


def write_single_file(path: Path, areas: list[str]) -> int:
    """Write the file area by area; memory holds one area's rows.

    Returns:
        The number of rows below the header.
    """
    rng = np.random.default_rng(SEED)
    templates = [_template(rng) for _ in range(TEMPLATES)]
    with path.open("wb") as out:
        out.write(",".join(f'"{name}"' for name in HEADER).encode() + b"\r\n")
        for place, area in enumerate(areas):
            out.write(templates[place % TEMPLATES].replace(PLACE, area.encode()))
    return len(areas) * ROWS_OF_AN_AREA


def _template(rng: np.random.Generator) -> bytes:
    rows = [_row(rng, owner, code) for owner, code in _cells()]
    return "".join(rows).encode()


def _cells() -> Iterator[tuple[str, str]]:
    """Owners and industry codes of an area, each pair once."""
    for place in range(ROWS_OF_AN_AREA):
        if place < PRIVATE_INDUSTRIES:
            yield "5", str(110_000 + 7 * place)
        else:
            owner, industry = divmod(place - PRIVATE_INDUSTRIES, 732)
            yield str(1 + owner), str(110_000 + 7 * industry)


def _row(rng: np.random.Generator, owner: str, code: str) -> str:
    ids = f'"{PLACE.decode()}","{owner}","{code}","78","0","2023","1"'
    establishments = int(rng.integers(1, 60))
    if rng.random() < UNDISCLOSED_SHARE:
        none = ",0" * 7
        return (
            f'{ids},"N",{establishments}{none},"N",{rng.random():.2f}{none},"N",1,2.5{none}{none}'
            "\r\n"
        )
    jobs = [int(one) for one in rng.integers(10, 5_000, 3)]
    wages = [int(one) for one in rng.integers(100_000, 90_000_000, 3)]
    quotients = ",".join(f"{one:.2f}" for one in rng.random(8) * 2)
    changes = ",".join(f"{int(one)},{one / 7:.1f}" for one in rng.integers(-900, 900, 8))
    figures = ",".join(str(one) for one in (establishments, *jobs, *wages, 1_250))
    return f'{ids},"",{figures},"",{quotients},"",{changes}\r\n'


def _measure(way: str, settings: Settings, path: Path) -> Measured:
    with psycopg.connect(dsn(settings, "owner"), autocommit=True) as connection:
        if connection.execute("select to_regclass('raw_bls_qcew.quarterly')").fetchone() != (None,):
            connection.execute("truncate raw_bls_qcew.quarterly")
        connection.execute("checkpoint")
    command = [sys.executable, "-m", "p20w.bench.single_file", way, str(settings.home), str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    measured: Measured = json.loads(done.stdout)
    return measured


def _print(console: Console, count: int, rounds: list[dict[str, Measured]]) -> None:
    table = Table("single file", "s", "rows read/s", "speed / scan", "CPU s", "peak MB", "rows")
    best = {way: min((one[way] for one in rounds), key=_seconds) for way in rounds[0]}
    for way, measured in best.items():
        ratios = sorted(_seconds(one[BARE]) / _seconds(one[way]) for one in rounds)
        ratio = _seconds(best[BARE]) / _seconds(measured)
        table.add_row(
            way,
            f"{_seconds(measured):.2f}",
            f"{count / _seconds(measured):,.0f}",
            f"{ratio:.2f} ({ratios[0]:.2f}-{ratios[-1]:.2f})",
            f"{measured['client_cpu']:.1f}",
            f"{measured['peak_mb']:.0f}",
            f"{measured['rows']:,.0f}",
        )
    console.print(table)


def _seconds(measured: Measured) -> float:
    return measured["seconds"]


def _scan(path: Path) -> Callable[[], int]:
    columns = arrow_csv.ConvertOptions(column_types=dict.fromkeys(HEADER, pa.string()))

    def scan() -> int:
        with arrow_csv.open_csv(path, convert_options=columns) as reader:
            return sum(batch.num_rows for batch in reader)

    return scan


def _p20w(settings: Settings, path: Path) -> Callable[[], int]:
    from ingestion.landing import LandedFile  # noqa: PLC0415 - only this way needs them
    from ingestion.load import load_file  # noqa: PLC0415
    from ingestion.registry import source  # noqa: PLC0415
    from p20w.ledger import now  # noqa: PLC0415

    hash_of_round = str(time.time_ns())
    landed = LandedFile(
        source=SOURCE,
        release=hash_of_round,
        name=path.name,
        path=path.as_uri(),
        sha256=hash_of_round,
        content_hash=hash_of_round,
        size_bytes=path.stat().st_size,
        retrieved_at=now(),
    )

    def load() -> int:
        told = load_file(landed, source(SOURCE).contract, dsn(settings, "loader"))
        if told.rejected_count:
            raise DatabaseError(f"{told.rejected_count} rows of the bench were rejected.")
        return sum(told.row_counts.values())

    return load


def main() -> None:
    """Run one way once and print its seconds, processor time, rows and peak memory as JSON."""
    way, home, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    run = _scan(path) if way == BARE else _p20w(Settings(home=home), path)
    rows, figures = cost_of(run)
    sys.stdout.write(json.dumps(figures | {"rows": rows}))


if __name__ == "__main__":
    main()
