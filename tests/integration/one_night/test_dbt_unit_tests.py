"""The unit tests of dbt models: rules of law and policy, on rows made for them."""

from __future__ import annotations

from typing import Any

import pytest
from dbt.cli.main import dbtRunner

from expectations.subject import read_contracts
from p20w.dbt_runner import PROJECT, read_manifest, target_folder
from p20w.postgres import address
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration


def dbt_results(night: Night, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[Any]:
    manifest = read_manifest(night.settings)
    # As the owner: dbt's unit tests need temporary tables, which no role of a night may make.
    where = address(night.settings, "owner")
    monkeypatch.setenv("P20W_DBT_HOST", where.host)
    monkeypatch.setenv("P20W_DBT_PORT", str(where.port))
    monkeypatch.setenv("P20W_DBT_DATABASE", where.database)
    monkeypatch.setenv("P20W_DBT_USER", where.user)
    monkeypatch.setenv("P20W_DBT_PASSWORD", where.password)
    monkeypatch.setenv("DO_NOT_TRACK", "1")
    return list(
        dbtRunner(manifest=manifest)
        .invoke(
            [
                *arguments,
                *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
                *("--target-path", str(target_folder(night.settings)), "--log-level", "none"),
                *("--log-level-file", "none"),
                *("--no-send-anonymous-usage-stats", "--no-version-check"),
            ]
        )
        .result.results
    )


def test_every_rule_holds_on_its_made_up_rows(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = dbt_results(night, monkeypatch, "test", "--select", "test_type:unit")

    told = {node.node.name: str(node.status) for node in results}
    assert len(told) > 10
    assert {name: status for name, status in told.items() if status != "pass"} == {}


def test_release_info_reads_from_the_contracts_whose_releases_replace_all(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    replacing = [one.name for one in read_contracts() if one.meta.each_release == "replaces_all"]

    results = dbt_results(night, monkeypatch, "compile", "--select", "release_info")

    compiled = {one.node.name: one.node.compiled_code for one in results}
    assert "edfi" in replacing
    assert "ipeds" not in replacing
    listed = ", ".join(f"'{name}'" for name in sorted(replacing))
    assert f"source in ({listed})" in compiled["release_info"]
