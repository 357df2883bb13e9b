"""Ingest a source: what is on offer -> fetched -> landed -> loaded -> a complete source release.

Flow: `sources/<source>.py` -> `http` -> `inbox` -> `landing` -> `load` -> `ops.source_release`.
Running it twice equals running it once; a refused release leaves the one before in use.
"""

from __future__ import annotations

import logging
import re
import shlex
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from ingestion import manifest
from ingestion.headers import claims
from ingestion.http import HttpClient, NotModified, Validators
from ingestion.inbox import scan_restricted
from ingestion.landing import Origin, clear_unfinished, file_sha256, land
from ingestion.load import load_file
from ingestion.lock import alone, work_folder
from ingestion.offers import Fetched, Offer, RemoteFile, SourceClient, local_files
from ingestion.refusals import UnusualVolume
from ingestion.registry import Source
from ingestion.registry import source as registered
from ingestion.release_records import record_releases
from ingestion.source_client import source_client
from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    P20WError,
    QuotaExceeded,
    SourceUnavailable,
    Terminal,
)
from p20w.postgres import dsn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ingestion.landing import LandedFile
    from ingestion.manifest import KnownRelease
    from p20w.settings import Settings

logger = logging.getLogger(__name__)
State = Literal["loaded", "unchanged", "nothing_new"]


@dataclass(frozen=True, slots=True)
class IngestResult:
    """What an ingest did; `release` names the releases loaded, or the ones that were looked at."""

    source: str
    release: str | None
    state: State
    files: int = 0
    rows: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class _Task:
    """What the steps of one ingest share."""

    settings: Settings
    source: Source
    dsn: str
    folder: Path
    from_path: Path | None
    allow_volume_reason: str | None

    @property
    def origin(self) -> manifest.Origin:
        """Where the files come from, as the ledger says it."""
        return "endpoint" if self.from_path is None else "inbox"


def ingest(
    source: str,
    *,
    settings: Settings,
    release: str | None = None,
    from_path: Path | None = None,
    published_on: date | None = None,
    allow_volume_reason: str | None = None,
    credentials: Mapping[str, str] | None = None,
    http: HttpClient | None = None,
) -> IngestResult:
    """Bring a source up to date.

    Args:
        source: Its stem.
        settings: Where the warehouse and the landing zone are.
        release: Only this release; with `from_path`, the name of the release the files are.
        from_path: A file or folder to take instead of the network.
        published_on: The day on which its publisher changed it last, where that is known.
        allow_volume_reason: Why an unusual number of rows is right; kept in the ledger.
        credentials: As the source names them; default: `<home>/credentials/<source>.json`.
        http: The client to use, with limits of its own; default: a new one.

    Raises:
        Transient: The publisher or the database is not ready: try again.
        Terminal: Not as promised or not allowed; the message says what to do.
    """
    entry = registered(source)
    with alone(settings, source), work_folder(settings, source) as folder:
        clear_unfinished(settings.landing, source)
        record_releases(settings, source)
        target = dsn(settings, "loader")
        task = _Task(settings, entry, target, folder, from_path, allow_volume_reason)
        _reload_outdated(task)
        if from_path is not None:
            if release is None:
                raise ConfigurationError("Files given by hand need the name of their release.")
            files = local_files(from_path, published_on)
            _refuse_lost_files(task, Offer(release), files)
            return _ingest_release(task, Offer(release), files)
        with http or HttpClient(settings.contact) as client:
            return _ingest_offers(
                task, source_client(settings, entry.contract, client, credentials), release
            )


def _ingest_offers(task: _Task, client: SourceClient, release: str | None) -> IngestResult:
    offers = task.source.module.releases(client)
    if release is not None:
        offers = [offer for offer in offers if release in {offer.name, *offer.facts.values()}]
        if not offers:
            raise Terminal(f"{task.source.name} offers no release {release} now.")
    if task.source.contract.meta.each_release == "replaces_all":
        offers = offers[:1]
    done: list[IngestResult] = []
    failed: list[P20WError] = []
    for offer in reversed(offers):
        try:
            done.append(_ingest_release(task, offer, _offered_files(task, offer, client)))
        except (ContractViolation, ConfigurationError, SourceUnavailable, QuotaExceeded) as error:
            name = task.source.name
            logger.warning("not taken source=%s release=%s: %s", name, offer.name, error)
            failed.append(error)
            if isinstance(error, QuotaExceeded):
                break  # who is asked to slow down asks for nothing more
    if failed:
        # What only needs time is tried again with the rest, once a person has mended the rest.
        raise next((error for error in failed if isinstance(error, Terminal)), failed[0])
    return _together(task.source.name, done)


def _offered_files(task: _Task, offer: Offer, client: SourceClient) -> Iterator[RemoteFile]:
    """The files of an offer, asked for once the ledger is ready to note a refusal."""
    yield from task.source.module.files(offer, client)


def _together(source: str, done: list[IngestResult]) -> IngestResult:
    loaded = [one for one in done if one.state == "loaded"]
    state: State = "loaded" if loaded else "unchanged" if done else "nothing_new"
    if done and all(one.state == "nothing_new" for one in done):
        state = "nothing_new"
    return IngestResult(
        source,
        ", ".join(one.release or "" for one in loaded or done) or None,
        state,
        sum(one.files for one in loaded),
        sum(one.rows for one in loaded),
        sum(one.rejected for one in loaded),
    )


def _ingest_release(task: _Task, offer: Offer, files: Iterable[RemoteFile]) -> IngestResult:
    known = _known(task, offer)
    name = _free_name(task, offer)
    with _refused_on_violation(task, name), _remedy_told(task, offer):
        return _fetch_and_load(task, name, files, known)


def _fetch_and_load(
    task: _Task, name: str, files: Iterable[RemoteFile], known: KnownRelease | None
) -> IngestResult:
    before = known.files if known is not None else {}
    found = {
        file.name: _fetch(task, file, task.folder / f"{name}-{position}", before)
        for position, file in enumerate(files)
    }
    if not found:
        return IngestResult(task.source.name, name, "nothing_new")
    hashes = {file: got.content_hash for file, got in found.items()}
    if known is not None and hashes == {file: one.content_hash for file, one in before.items()}:
        return IngestResult(task.source.name, known.name, "unchanged", len(found))
    landed = [_land(task, name, file, got) for file, got in found.items()]
    return _load_release(task, name, landed, known)


def _known(task: _Task, offer: Offer) -> KnownRelease | None:
    """The newest complete release of that name, or of its corrections `<name>.2`, `<name>.3`."""
    for one in manifest.complete_releases(task.settings, task.source.name):
        if re.fullmatch(re.escape(offer.name) + r"(\.[0-9]+)?", one.name):
            return one
    return None


def _refuse_lost_files(task: _Task, offer: Offer, files: list[RemoteFile]) -> None:
    """A correction takes the place of the whole release: what it lacks would silently be gone."""
    known = _known(task, offer)
    lost = sorted(set(known.files) - {file.name for file in files}) if known is not None else []
    if known is not None and lost:
        raise ConfigurationError(
            f"Release {known.name} of {task.source.name} holds {', '.join(lost)}, which the files"
            f" given ({', '.join(file.name for file in files)}) would remove. Nothing was landed."
            " Give a folder with all files of the release, a corrected file under the name it had"
            " before, or, for files of their own, another release name."
        )


def _free_name(task: _Task, offer: Offer) -> str:
    taken = manifest.complete_names(task.settings, task.source.name)
    number, name = 1, offer.name
    while name in taken:
        number += 1
        name = f"{offer.name}.{number}"
    return name


def _fetch(
    task: _Task, file: RemoteFile, into: Path, before: Mapping[str, LandedFile]
) -> Fetched | LandedFile:
    """The file with its content hash, or the copy we have where the server says it is the same."""
    claims(file.name, task.source.contract, synthetic=False)  # a foreign name is refused unread
    seen = before.get(file.name)
    is_from_there = seen is not None and seen.origin_url is not None
    asked = Validators(seen.etag, seen.last_modified) if seen and is_from_there else None
    got = file.fetch(into, asked)
    if isinstance(got, NotModified):
        if seen is None:
            raise ContractViolation(f"{got.url}: not modified, but there is no copy of it.")
        return seen
    if task.source.contract.is_restricted:
        scan_restricted(got.path, file.name, task.source.contract)
    if got.content_hash is not None:
        return got
    digest = file_sha256(got.path)
    if task.source.contract.reads_file_names:
        digest = sha256(f"{file.name}\n{digest}".encode()).hexdigest()
    return replace(got, content_hash=digest)


def _land(task: _Task, release: str, name: str, got: Fetched | LandedFile) -> LandedFile:
    if not isinstance(got, Fetched):
        return replace(got, release=release)
    origin = Origin(
        got.origin_url, got.validators.etag, got.validators.last_modified, got.is_synthetic
    )
    landed = land(
        task.settings.landing,
        got.path,
        source=task.source.name,
        release=release,
        name=name,
        origin=origin,
        content_hash=got.content_hash,
    )
    if task.origin == "endpoint":
        got.path.unlink(missing_ok=True)
    return landed


def _load_release(
    task: _Task, name: str, landed: list[LandedFile], known: KnownRelease | None
) -> IngestResult:
    contract = task.source.contract
    claimed = [claims(one.name, contract, synthetic=one.is_synthetic)[0] for one in landed]
    number = manifest.open_release(
        task.settings,
        contract,
        name,
        landed,
        origin=task.origin,
        layout=claimed[0].layout.name,
        supersedes=_superseded(task, known),
        allow_volume_reason=task.allow_volume_reason,
    )
    rows = rejected = 0
    for one in landed:
        result = load_file(
            one,
            contract,
            task.dsn,
            read=partial(task.source.module.read, folder=task.folder),
            source_release_id=number,
            volume_allowed=task.allow_volume_reason is not None,
        )
        rows += sum(result.row_counts.values())
        rejected += result.rejected_count
    record_releases(task.settings, contract.name)
    return IngestResult(contract.name, name, "loaded", len(landed), rows, rejected)


@contextmanager
def _refused_on_violation(task: _Task, name: str) -> Iterator[None]:
    """Record in the ledger why a release was refused; the error goes on."""
    try:
        yield
    except ContractViolation as error:
        manifest.refuse_release(
            task.settings, task.source.name, name, str(error), origin=task.origin
        )
        raise


@contextmanager
def _remedy_told(task: _Task, offer: Offer) -> Iterator[None]:
    """Add the command by which a person allows what was refused for its number of rows."""
    try:
        yield
    except UnusualVolume as error:
        command = ["p20w", "ingest", task.source.name, "--release", offer.name]
        if task.from_path is not None:
            command += ["--from", str(task.from_path.absolute())]
        raise ContractViolation(
            f"{error} If that is right: `{shlex.join(command)} --allow-volume --reason TEXT`.",
            **error.facts,
        ) from error


def _superseded(task: _Task, known: KnownRelease | None) -> int | None:
    if task.source.contract.meta.each_release == "kept":
        return None
    if known is not None:
        return known.source_release_id
    if task.source.contract.meta.each_release == "replaces_all":
        before = manifest.complete_releases(task.settings, task.source.name)
        return before[0].source_release_id if before else None
    return None


def _reload_outdated(task: _Task) -> None:
    """Load again, from the landing zone, what was read under an older version of the contract."""
    contract = task.source.contract
    # Oldest first: where releases overlap, the models take the highest load_id for the newest.
    for known in reversed(manifest.complete_releases(task.settings, task.source.name)):
        if known.contract_versions == {contract.contract_version}:
            continue
        for one in known.files.values():
            try:
                load_file(
                    one,
                    contract,
                    task.dsn,
                    read=partial(task.source.module.read, folder=task.folder),
                    source_release_id=known.source_release_id,
                    volume_allowed=True,
                )
            except ContractViolation as error:
                logger.warning(
                    "kept under its old contract source=%s release=%s: %s",
                    task.source.name,
                    known.name,
                    error,
                )
