"""O*NET's tables as csv, and the list of career clusters of O*NET OnLine."""

from datetime import UTC, datetime
from functools import partial
from typing import Final

from p20w.synthetic.labor_market import OCCUPATIONS
from p20w.synthetic.occupation_requirements import clusters_of, requirement_of
from p20w.synthetic.state import SyntheticState
from p20w.synthetic.wire import CSV, Edit, Row, SyntheticFile, csv_bytes

FOLDER: Final = "db_31_0_csv"
CLUSTERS: Final = "All_Career_Clusters.csv"
_CODE: Final = "O*NET-SOC Code"
# A second occupation of O*NET under one of SOC, with a job zone of its own.
_FINER: Final = {"15-2051": ("01", "Business Intelligence Analysts", 5)}
_NO_ZONE: Final = "25-1199"


def files(_state: SyntheticState) -> dict[str, SyntheticFile]:
    """Return the two tables of the edition and the clusters; they are the same in every state."""
    modified = datetime(2026, 8, 18, 14, 0, tzinfo=UTC)
    tables: dict[str, tuple[tuple[str, ...], list[Row]]] = {
        f"{FOLDER}/occupation_data.csv": ((_CODE, "Title", "Description"), _occupations()),
        f"{FOLDER}/job_zones.csv": (
            (_CODE, "Title", "Job Zone", "Date", "Domain Source"),
            _job_zones(),
        ),
        CLUSTERS: (("Career Cluster", "Career Pathway", "Code", "Occupation"), _clusters()),
    }
    return {
        name: SyntheticFile(name, CSV, modified, partial(_csv, header, rows))
        for name, (header, rows) in tables.items()
    }


def _csv(header: tuple[str, ...], rows: list[Row], edit: Edit) -> bytes:
    return csv_bytes(edit, header, rows)


def _coded() -> list[tuple[str, str, int]]:
    """Code, title and job zone of every occupation of O*NET."""
    coded = []
    for found in OCCUPATIONS:
        zone = requirement_of(found.soc_code).job_zone
        coded.append((f"{found.soc_code}.00", found.title, zone))
        if found.soc_code in _FINER:
            ending, title, finer_zone = _FINER[found.soc_code]
            coded.append((f"{found.soc_code}.{ending}", title, finer_zone))
    return coded


def _occupations() -> list[Row]:
    return [(code, title, f"Do what {title} do.") for code, title, _ in _coded()]


def _job_zones() -> list[Row]:
    return [
        (code, title, zone, "08/2026", "Analyst")
        for code, title, zone in _coded()
        if not code.startswith(_NO_ZONE)
    ]


def _clusters() -> list[Row]:
    return [(*clusters_of(code[:7]), code, title) for code, title, _ in _coded()]
