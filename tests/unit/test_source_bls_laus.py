"""Flat files of the labor force: their names, the list of series, and who waits for whom."""

from __future__ import annotations

from datetime import date

import pytest

from ingestion.headers import claims
from ingestion.http import HttpClient
from ingestion.offers import Offer, SourceClient
from ingestion.registry import source
from p20w.synthetic.render import bls_laus
from p20w.synthetic.state import build_state
from p20w.synthetic.wire import WHOLE


@pytest.mark.parametrize(
    ("name", "table", "layout"),
    [
        ("la.data.58.Wisconsin", "observations", "official_observations"),
        ("la.data.30.Minnesota", "observations", "official_observations"),
        ("la.data.0.CurrentU15-19", "observations", "official_national"),
        ("la.data.0.CurrentU90-94", "observations", "official_national"),
        ("la.data.1.CurrentS", "observations", "official_national"),
        ("la.data.64.County", "observations", "official_national"),
        ("la.series", "series", "official_series"),
        ("la.area", "areas", "official_areas"),
    ],
)
def test_each_flat_file_is_known_by_its_name(name: str, table: str, layout: str) -> None:
    found = claims(name, source("bls_laus").contract, synthetic=False)

    assert [(one.table.name, one.layout.name) for one in found] == [(table, layout)]


def test_figures_do_not_wait_for_the_list_of_series() -> None:
    official = SourceClient(
        http=HttpClient(),
        base_url="https://www.bls.gov/lau",
        contract=source("bls_laus").contract,
        today=date(2020, 1, 1),  # no workbook is asked about
        is_official=True,
    )
    module = source("bls_laus").module

    offers = module.releases(official)

    assert offers == [Offer("labstat"), Offer("series")]
    assert [[file.name for file in module.files(one, official)] for one in offers] == [
        ["la.area", "la.data.58.Wisconsin"],
        ["la.series"],
    ]


def test_the_invented_list_has_each_series_with_figures_once() -> None:
    files = bls_laus.files(build_state(300, 3))
    listed, figures = (
        [line.split("\t")[0].strip() for line in text.splitlines()[1:]]
        for text in (
            files[name].render(WHOLE).decode() for name in ("la.series", "la.data.58.Wisconsin")
        )
    )

    assert len(listed) == (72 + 1) * 4
    assert sorted(listed) == sorted(set(figures))
