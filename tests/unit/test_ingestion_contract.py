"""Contracts are read strictly, and their generated columns are kept by the loader."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestion.contract import STAGING_MODELS, Contract, read_contract
from ingestion.contract_sync import create_table_sql, is_current, sync_contract
from ingestion.registry import _discover, source, sources
from p20w.errors import RegistryError

SMALL = """\
version: 2
sources:
  - name: fruit
    schema: raw_fruit
    description: Fruit by year.
    config:
      meta:
        publisher: Orchard
        landing_page: https://orchard.example
        official_url: https://orchard.example/files
        licence: public domain
        access: public
        schedule: "0 4 * * 1"
        freshness_days: 30
        release_calendar: Each spring.
    tables:
      - name: apples
        description: Apples.
        config:
          meta:
            grain: One row per code of an apple.
            natural_key: [apple_code]
            max_rejected_share: 0.1
            layouts:
              - name: official
                files: '^apples\\.csv$'
                format: csv
                row_band: [1, 100]
              - name: synthetic
                like: official
                row_band: [1, 5]
        columns:
          # a comment that stays
          - name: apple_code
            data_type: text
            description: Code of the apple.
            config: {meta: {names: [CODE]}}
          - name: weight
            data_type: numeric(6,2)
            description: Weight in grams.
            config:
              meta:
                names: [WEIGHT]
                required: false
                marks: {'*': suppressed_at_source, '': not_collected}
"""


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str) -> Path:
        path = tmp_path / "_fruit__sources.yml"
        path.write_text(text)
        return path

    return written


def test_an_unknown_key_is_refused_with_its_line(write) -> None:
    path = write(SMALL.replace("licence: public", "license: public"))

    with pytest.raises(RegistryError, match=r"line 11: .*license: Extra inputs") as refused:
        read_contract(path)

    assert str(path) in str(refused.value)


def test_a_misplaced_key_of_a_column_is_named_with_its_line(write) -> None:
    path = write(SMALL.replace("{meta: {names: [CODE]}}", "{meta: {names: [CODE], padd: 3}}"))

    with pytest.raises(RegistryError, match=r"line 37: .*padd.*Extra inputs are not permitted"):
        read_contract(path)


def test_a_key_given_twice_is_refused(write) -> None:
    path = write(SMALL.replace("    schema: raw_fruit\n", "    schema: raw_fruit\n" * 2))

    with pytest.raises(RegistryError, match="line 5: key `schema` occurs twice"):
        read_contract(path)


def test_a_restricted_source_must_name_its_agreement(write) -> None:
    path = write(SMALL.replace("access: public", "access: restricted"))

    with pytest.raises(RegistryError, match="agreement_id, legal_basis and destroy_by"):
        read_contract(path)


def test_a_broken_pattern_is_refused(write) -> None:
    path = write(SMALL.replace(r"'^apples\.csv$'", "'('"))

    with pytest.raises(RegistryError, match="not a regular expression"):
        read_contract(path)


def test_a_key_column_that_does_not_exist_is_refused(write) -> None:
    path = write(SMALL.replace("[apple_code]", "[pear_code]"))

    with pytest.raises(RegistryError, match="columns that do not exist: pear_code"):
        read_contract(path)


def test_groups_have_a_column_that_is_no_period(write) -> None:
    groups = "groups: {by: [apple_code], periods: [apple_code], row_band: [1, 2]}"
    path = write(SMALL.replace("row_band: [1, 100]", f"row_band: [1, 100]\n{16 * ' '}{groups}"))

    with pytest.raises(RegistryError, match="some of the columns in `by`, not all"):
        read_contract(path)


def test_a_layout_like_another_has_all_of_it_but_what_it_gives(write) -> None:
    official, synthetic = read_contract(write(SMALL)).tables[0].meta.layouts

    assert synthetic.files == official.files
    assert synthetic.row_band == (1, 5)
    assert synthetic.is_synthetic
    assert not official.is_synthetic


def test_the_version_changes_with_a_column_and_not_with_a_description(write) -> None:
    version = read_contract(write(SMALL)).contract_version
    told = read_contract(write(SMALL.replace("Weight in", "The weight in"))).contract_version
    typed = read_contract(write(SMALL.replace("(6,2)", "(7,2)"))).contract_version

    assert re.fullmatch("[0-9a-f]{16}", version)
    assert told == version
    assert typed != version


def test_sync_writes_the_generated_columns_once_and_keeps_every_other_line(write) -> None:
    path = write(SMALL)

    first, second = sync_contract(path), sync_contract(path)

    table = read_contract(path).tables[0]
    assert (first, second) == (True, False)
    assert [column.name for column in table.columns] == [
        "apple_code",
        "weight",
        "weight_status",
        "load_id",
        "row_number",
    ]
    assert path.read_text().startswith(SMALL)
    assert is_current(table)


def test_sync_removes_the_status_of_a_column_that_lost_its_marks(write) -> None:
    path = write(SMALL)
    sync_contract(path)
    path.write_text(re.sub(r"\n +marks: .*", "", path.read_text()))

    sync_contract(path)

    assert "weight_status" not in path.read_text()
    assert is_current(read_contract(path).tables[0])


def test_the_raw_table_has_the_contracts_columns_and_types(write) -> None:
    path = write(SMALL)
    sync_contract(path)
    contract = read_contract(path)

    statement = create_table_sql(contract, contract.tables[0])

    assert statement == (
        "create table if not exists raw_fruit.apples (load_id bigint not null,"
        " row_number bigint not null, apple_code text, weight numeric(6,2), weight_status text)"
    )


@pytest.mark.parametrize("contract", [one.contract for one in sources()], ids=lambda one: one.name)
def test_generated_columns_of_every_contract_are_current(contract: Contract) -> None:
    outdated = [table.name for table in contract.tables if not is_current(table)]

    assert outdated == [], "run `p20w contract sync`"


def test_every_contract_has_a_module_with_the_three_functions() -> None:
    lacking = {
        (one.name, function)
        for one in sources()
        for function in ("releases", "files", "read")
        if not callable(getattr(one.module, function, None))
    }

    assert lacking == set()


def test_a_contract_without_a_module_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sources").mkdir()

    with pytest.raises(RegistryError, match="lacks its module"):
        _discover(STAGING_MODELS, tmp_path / "sources")


def test_an_unknown_source_is_answered_with_the_known_ones() -> None:
    with pytest.raises(RegistryError, match=r"no source nscc\. Sources: .*nsc"):
        source("nscc")
