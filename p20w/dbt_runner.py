"""dbt in process, one call a layer: progress per node into `ops.dbt_result`, no row anywhere.

A retry builds what this run has not built, with descendants, read from `ops.dbt_result` (never
`dbt retry`: after a crash it reports success for nothing). The file log of dbt is off, its console
quiet and `run_results.json` not written, because failing rows appear in all three.
Flow: `ops.run_input` + `dbt_project/` -> `staging`, `core`, `candidate`.
"""

from __future__ import annotations

import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import sqlalchemy as sa

from p20w import ledger
from p20w.dbt_messages import is_passing, without_values
from p20w.errors import ConfigurationError, DatabaseBusy, Terminal
from p20w.postgres import address, connect, database_errors, database_name, sqlalchemy_url
from p20w.settings import CHECKOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import psycopg

    from p20w.settings import Settings

logger = logging.getLogger(__name__)

PROJECT = CHECKOUT / "dbt_project"
PARSED = "partial_parse.msgpack"
"""In the target folder: what dbt has parsed of the project."""

DbtLayer = Literal["staging", "core", "marts"]
# The layers that a layer reads, and the door that must stand open.
BELOW: dict[DbtLayer, tuple[tuple[ledger.Layer, ...], str | None]] = {
    "staging": ((), None),
    "core": (("staging", "identity"), "staging"),
    "marts": (("core",), "core"),
}
FOLDERS: dict[DbtLayer, tuple[str, ...]] = {
    "staging": ("seeds/", "models/staging/", "tests/staging/"),
    "core": ("models/core/", "tests/core/"),
    "marts": ("models/marts/", "tests/marts/"),
}
BUILT = {"success", "pass", "warn"}


@dataclass(frozen=True, slots=True)
class LayerBuild:
    """What a build did: nodes built or tested now, and nodes that this run had built before."""

    layer: DbtLayer
    built: int
    kept: int


def build(settings: Settings, run_id: int, layer: DbtLayer) -> LayerBuild:
    """Build and test one layer of a run.

    Returns:
        Counts of nodes.

    Raises:
        ReleaseError: The layer or door below is not complete.
        DatabaseBusy: Another process builds this layer now, or the database went away.
        Terminal: A model or a test failed; the message names the nodes.
    """
    _require_below(settings, run_id, layer)
    with _only_builder(settings, layer):
        manifest = read_manifest(settings)
        nodes = layer_nodes(manifest, layer)
        built = _built(manifest, _results_before(settings, run_id, layer))
        kept = nodes - _unbuilt(manifest, nodes, built)
        ledger.record_layer(settings, "transformer", run_id, layer, "running")
        with _environment(_login(settings, layer)):
            done = _run(settings, run_id, layer, manifest, _selectors(manifest, layer, nodes, kept))
    if done.failed or done.lost:
        ledger.record_layer(settings, "transformer", run_id, layer, "failed")
    # Overtaken from below, it may be a mixture: then it is never recorded as complete.
    _require_below(settings, run_id, layer)
    if done.failed:
        raise Terminal(
            f"Layer {layer} of run {run_id}: {len(done.failed)} nodes failed:"
            f" {', '.join(done.failed[:8])}. Reasons are in ops.dbt_result; mend the cause and"
            " retry: what is built stays."
        )
    if done.lost:
        raise DatabaseBusy(
            f"Layer {layer} of run {run_id}: the database went away or was busy under"
            f" {len(done.lost)} nodes. What is built stays: try again."
        )
    ledger.record_layer(settings, "transformer", run_id, layer, "complete")
    logger.info("layer built layer=%s nodes=%d kept=%d", layer, len(nodes) - len(kept), len(kept))
    return LayerBuild(layer, len(nodes) - len(kept), len(kept))


def read_manifest(settings: Settings) -> Any:
    """The manifest: models, columns, docs, `config.meta`; what is parsed is kept in the target.

    No database is asked. With another address, login or variable dbt would parse all anew.
    """
    with _environment({"P20W_DBT_DATABASE": database_name(settings), "DO_NOT_TRACK": "1"}):
        return _parse(settings)


def target_folder(settings: Settings) -> Path:
    """Where dbt keeps its parse and compiled SQL; mode 0700."""
    folder = settings.home / "dbt"
    if not folder.exists():
        folder.mkdir(mode=0o700)
    return folder


def layer_nodes(manifest: Any, layer: DbtLayer) -> set[str]:
    """Ids of a layer's seeds, models and tests; unit tests run in the test suite, not at night."""
    return {
        unique_id
        for unique_id, node in manifest.nodes.items()
        if node.resource_type in {"model", "seed", "test"}
        and node.original_file_path.startswith(FOLDERS[layer])
    }


def _selectors(manifest: Any, layer: DbtLayer, nodes: set[str], kept: set[str]) -> list[str]:
    """What dbt is asked to build; by name only in a retry: dbt seeks each name among all nodes."""
    if kept:
        return sorted(".".join(manifest.nodes[node].fqn) for node in nodes - kept)
    paths = {manifest.nodes[node].original_file_path for node in nodes}
    holding = [one for one in FOLDERS[layer] if any(path.startswith(one) for path in paths)]
    return [f"path:{folder}" for folder in holding]


def _require_below(settings: Settings, run_id: int, layer: DbtLayer) -> None:
    """Refuse unless all that the layer reads is this run's: asked before the build and after it."""
    layers, door = BELOW[layer]
    for below in layers:
        ledger.require_layer(settings, "transformer", run_id, below)
    if door is not None:
        ledger.require_door(settings, "transformer", run_id, door)


def _unbuilt(manifest: Any, nodes: set[str], built: set[str]) -> set[str]:
    """Nodes not built yet in this run, with all of their descendants in the layer."""
    todo = nodes - built
    waiting = list(todo)
    while waiting:
        for child in manifest.child_map.get(waiting.pop(), []):
            if child in nodes and child not in todo:
                todo.add(child)
                waiting.append(child)
    return todo


def _built(manifest: Any, results: dict[str, str]) -> set[str]:
    """Nodes that stand. A failed test says that what it tested is to be built again, too."""
    suspect = {
        parent
        for node, status in results.items()
        if status not in BUILT and node.startswith("test.") and node in manifest.nodes
        for parent in manifest.nodes[node].depends_on.nodes
    }
    return {node for node, status in results.items() if status in BUILT} - suspect


def _results_before(settings: Settings, run_id: int, layer: DbtLayer) -> dict[str, str]:
    """Last status of what still stands: no other run began the layer, nothing below was redone."""
    with connect(settings, "transformer") as connection:
        rows = connection.execute(
            """
            select distinct on (node_id) node_id, status from ops.dbt_result
            where run_id = %(run)s and layer = %(layer)s and not exists (
                select from ops.layer_build as since
                where
                    since.layer = %(layer)s and since.run_id <> %(run)s
                        and since.started_at > dbt_result.finished_at
                    or since.layer = any(%(below)s) and since.run_id = %(run)s
                        and since.completed_at > dbt_result.finished_at
            )
            order by node_id, finished_at desc
            """,
            {"run": run_id, "layer": layer, "below": list(BELOW[layer][0])},
        ).fetchall()
    return {str(row[0]): str(row[1]) for row in rows}


def _parse(settings: Settings) -> Any:
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - heavy, and only needed here

    result = dbtRunner().invoke(["parse", *_options(settings), "--no-write-json"])
    if not result.success:
        # No row has been read yet: whatever dbt says is about our files.
        raise ConfigurationError(f"dbt cannot parse the project: {str(result.exception)[:500]}")
    manifest = result.result
    if not getattr(manifest, "child_map", None):
        manifest.build_parent_and_child_maps()
    return manifest


def _run(
    settings: Settings,
    run_id: int,
    layer: DbtLayer,
    manifest: Any,
    selectors: list[str],
) -> _Recorder:
    """Build what is selected; what was recorded says which failed."""
    from dbt.cli.main import dbtRunner  # noqa: PLC0415

    recorder = _Recorder(settings, run_id, layer)
    if not selectors:
        return recorder
    result = dbtRunner(manifest=manifest, callbacks=[recorder.note]).invoke(
        [
            "build",
            *_options(settings),
            *("--vars", f"{{run_id: {run_id}}}"),
            "--no-write-json",
            "--indirect-selection",
            "empty",
            "--exclude-resource-type",
            "unit_test",
            "--select",
            *selectors,
        ]
    )
    recorder.close()
    if result.exception is not None:
        told = str(result.exception)
        kind = DatabaseBusy if is_passing(told) else Terminal
        raise kind(f"dbt stopped in layer {layer}: {without_values(told)}") from None
    return recorder


def _options(settings: Settings) -> list[str]:
    return [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(target_folder(settings))),
        *("--log-level", "none", "--log-level-file", "none"),
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]


class _Recorder:
    """Writes one row of `ops.dbt_result` as each node ends, so that a crash loses nothing.

    `failed` are the nodes for a person to mend, `lost` those that the next try may build.
    """

    def __init__(self, settings: Settings, run_id: int, layer: DbtLayer) -> None:
        self.failed: list[str] = []
        self.lost: set[str] = set()
        self._where = {"run_id": run_id, "layer": layer}
        self._engine = sa.create_engine(
            sqlalchemy_url(settings, "transformer"), hide_parameters=True
        )

    def note(self, event: Any) -> None:
        """Take one event of dbt."""
        if event.info.name != "NodeFinished":
            return
        result, node = event.data.run_result, event.data.node_info
        status, name = str(result.status), str(node.unique_id)
        message = without_values(str(result.message))
        if status not in BUILT and status != "skipped":
            if is_passing(str(result.message)):
                self.lost.add(name)
            else:
                self.failed.append(name)
            logger.error("node failed node=%s status=%s reason=%s", name, status, message)
        row = {
            **self._where,
            "node_id": name,
            "status": status,
            "execution_seconds": float(result.execution_time),
            "rows_affected": _rows(result),
            "message": message,
            "finished_at": ledger.now(),
        }
        try:
            with database_errors(), self._engine.begin() as connection:
                connection.execute(sa.insert(ledger.dbt_result), row)
        except DatabaseBusy:
            # Raised here it would end a thread of dbt. Without its row the node is built again.
            self.lost.add(name)

    def close(self) -> None:
        """Let go of the connection."""
        self._engine.dispose()


def _rows(result: Any) -> int | None:
    found = dict(result.adapter_response).get("rows_affected")
    return int(found) if found is not None and str(found).lstrip("-").isdigit() else None


@contextmanager
def _only_builder(settings: Settings, layer: DbtLayer) -> Iterator[None]:
    """Hold the layer's lock; end what a dead builder of the same layer left behind."""
    with connect(settings, "transformer", autocommit=True) as connection:
        row = connection.execute(
            "select pg_try_advisory_lock(hashtext(%s))", [f"p20w.build.{layer}"]
        ).fetchone()
        if row is None or not row[0]:
            raise DatabaseBusy(f"Another process builds layer {layer} now: try again later.")
        _end_orphans(connection, _application(layer))
        yield


def _end_orphans(connection: psycopg.Connection, application: str) -> None:
    # As the login: a backend's role is the one that connected, not the one it acts as.
    connection.execute("set role none")
    ended = connection.execute(
        "select count(*) filter (where pg_terminate_backend(pid, 10000)) from pg_stat_activity"
        " where application_name = %s and datname = current_database() and usename = session_user",
        [application],
    ).fetchone()
    if ended is not None and ended[0]:
        logger.warning("ended backends of a dead build count=%d", ended[0])


def _application(layer: str) -> str:
    return f"p20w_dbt_{layer}"


def _login(settings: Settings, layer: DbtLayer) -> dict[str, str]:
    """What `dbt_project/profiles.yml` reads."""
    where = address(settings, "transformer")
    return {
        "P20W_DBT_HOST": where.host,
        "P20W_DBT_PORT": str(where.port),
        "P20W_DBT_DATABASE": where.database,
        "P20W_DBT_USER": where.user,
        "P20W_DBT_PASSWORD": where.password,
        "P20W_DBT_APPLICATION": _application(layer),
        "DO_NOT_TRACK": "1",
    }


@contextmanager
def _environment(wanted: dict[str, str]) -> Iterator[None]:
    """Variables of the environment, for the time of the call."""
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
