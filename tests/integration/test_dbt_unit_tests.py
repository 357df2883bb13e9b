"""The unit tests of dbt models: rules of law and policy, on rows made for them."""

from __future__ import annotations

from pathlib import Path

import pytest
from dbt.cli.main import dbtRunner

from p20w.dbt_runner import PROJECT
from p20w.postgres import address
from tests.integration.conftest import Night

pytestmark = pytest.mark.integration


def test_every_rule_holds_on_its_made_up_rows(
    night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As the owner: dbt's unit tests need temporary tables, which no role of a night may make.
    where = address(night.settings, "owner")
    monkeypatch.setenv("P20W_DBT_HOST", where.host)
    monkeypatch.setenv("P20W_DBT_PORT", str(where.port))
    monkeypatch.setenv("P20W_DBT_DATABASE", where.database)
    monkeypatch.setenv("P20W_DBT_USER", where.user)
    monkeypatch.setenv("P20W_DBT_PASSWORD", where.password)
    monkeypatch.setenv("DO_NOT_TRACK", "1")

    result = dbtRunner().invoke(
        [
            *("test", "--select", "test_type:unit"),
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(tmp_path), "--log-level", "none", "--log-level-file", "none"),
            *("--no-send-anonymous-usage-stats", "--no-version-check"),
        ]
    )

    told = {node.node.name: str(node.status) for node in result.result.results}
    assert len(told) > 10
    assert {name: status for name, status in told.items() if status != "pass"} == {}
