"""What a source's module is given of the outside world: addresses, credentials, what is known.

Flow: settings + ledger -> `SourceClient` -> `sources/<source>.py`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ingestion import manifest
from ingestion.api_calls import CallBook
from ingestion.offers import SourceClient
from p20w.errors import ConfigurationError
from p20w.ledger import now

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestion.contract import Contract
    from ingestion.http import HttpClient
    from p20w.settings import Settings


def source_client(
    settings: Settings,
    contract: Contract,
    http: HttpClient,
    credentials: Mapping[str, str] | None,
) -> SourceClient:
    """The client of a source.

    Args:
        settings: Where the warehouse is, and addresses that replace official ones.
        contract: The source's contract.
        http: The client to ask with.
        credentials: As the source names them; default: `<home>/credentials/<source>.json`.

    Raises:
        ConfigurationError: Others can read the file of credentials; the message says what to do.
    """
    override = settings.source_url(contract.name)
    if credentials is None and contract.meta.credentials is not None:
        credentials = _credentials_file(settings, contract.name)
    today = now().date()
    return SourceClient(
        http=http,
        base_url=override or contract.meta.official_url,
        contract=contract,
        today=today,
        is_official=override is None,
        credentials=credentials,
        known_files=frozenset(
            name
            for known in manifest.complete_releases(settings, contract.name)
            for name, file in known.files.items()
            if file.origin_url is not None
        ),
        calls=CallBook(settings, contract.name, today),
    )


def _credentials_file(settings: Settings, source: str) -> Mapping[str, str] | None:
    path = settings.home / "credentials" / f"{source}.json"
    if not path.exists():
        return None
    if path.stat().st_mode & 0o077:
        raise ConfigurationError(f"Others can read {path}: chmod 600 {path}")
    return {str(key): str(value) for key, value in json.loads(path.read_text()).items()}
