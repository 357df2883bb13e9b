"""From a publisher's server to complete source releases in PostgreSQL, faults included."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pyarrow as pa
import pytest
from psycopg import sql

from ingestion.headers import claims
from ingestion.http import HttpClient, Patience
from ingestion.ingest import IngestResult, ingest
from ingestion.landing import LandedFile
from ingestion.load import load_file
from ingestion.parts import Part, RawRows
from ingestion.registry import source, sources
from p20w.errors import (
    ConfigurationError,
    ContractViolation,
    DatabaseBusy,
    DatabaseError,
    QuotaExceeded,
    SourceUnavailable,
)
from p20w.ledger import now, start_run
from p20w.postgres import connect, dsn
from p20w.settings import Settings
from p20w.synthetic.changes import move_one_student
from p20w.synthetic.faults import Fault
from p20w.synthetic.render import bls_laus
from p20w.synthetic.server import SyntheticServer
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.wire import WHOLE

pytestmark = pytest.mark.integration
LOGIN = {"client_id": "synthetic", "client_secret": "synthetic-secret"}
CIP_SOC = "CIP2020_SOC2018"
EXPLAINED_REJECTS = {"projections": 1}
"""Rows by source; `test_ingest_projections` says which, and why."""

Ingest = Callable[..., IngestResult]


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(300, 3)


@pytest.fixture(scope="module")
def running(state: SyntheticState) -> Iterator[SyntheticServer]:
    with SyntheticServer(state) as server:
        yield server


@pytest.fixture
def server(
    running: SyntheticServer, state: SyntheticState, monkeypatch: pytest.MonkeyPatch
) -> Iterator[SyntheticServer]:
    for one in sources():
        monkeypatch.setenv(f"P20W_{one.name.upper()}_URL", running.source_url(one.name))
    yield running
    running.faults.clear()
    running.edfi.token_lifetime = 1800
    running.serve_state(state)


@pytest.fixture
def take(settings: Settings) -> Ingest:
    """`ingest` with a client that gives up quickly and never sleeps."""

    def taken(name: str, **options: Any) -> IngestResult:
        http = HttpClient(patience=Patience(attempts=2, read_seconds=5), sleep=lambda _: None)
        options.setdefault("credentials", LOGIN)
        return ingest(name, settings=settings, http=http, **options)

    return taken


def rows(settings: Settings, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    with connect(settings, "owner") as connection:
        return connection.execute(statement, parameters).fetchall()


def count(settings: Settings, schema: str, table: str) -> int:
    name = sql.Identifier(schema, table)
    with connect(settings, "owner") as connection:
        if connection.execute("select to_regclass(%s)", [f"{schema}.{table}"]).fetchone() == (
            None,
        ):
            return 0
        found = connection.execute(sql.SQL("select count(*) from {}").format(name)).fetchone()
    assert found is not None
    return int(found[0])


def releases(settings: Settings, name: str) -> list[tuple[Any, ...]]:
    return rows(
        settings,
        "select release, state from ops.source_release where source = %s"
        " order by source_release_id",
        name,
    )


@pytest.mark.usefixtures("server")
def test_a_revised_file_of_a_source_that_keeps_its_vintages_stays_beside_the_first(
    take: Ingest, settings: Settings, state: SyntheticState, tmp_path: Path
) -> None:
    take("bls_laus", release="laucnty24")
    revised = tmp_path / "laucnty24.xlsx"
    revised.write_bytes(bls_laus.workbook(state.seed, 2024, WHOLE, benchmark=1))

    take(
        "bls_laus",
        release="laucnty24",
        from_path=revised,
        allow_volume_reason="a county workbook of one state",
    )
    run = start_run(settings)

    inputs = rows(
        settings,
        "select source_release.release from ops.run_input inner join ops.source_release"
        " using (source_release_id) where run_id = %s order by 1",
        run,
    )
    assert inputs == [("laucnty24",), ("laucnty24.2",)]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("name", [one.name for one in sources()])
def test_a_source_is_loaded_once_and_the_second_time_nothing_happens(
    take: Ingest, settings: Settings, name: str
) -> None:
    first, second = take(name), take(name)

    told = rows(
        settings,
        "select key, sum(cast(value as bigint)) from ops.load, jsonb_each_text(row_counts)"
        " where source = %s group by key",
        name,
    )
    assert first.state == "loaded"
    assert first.rejected == EXPLAINED_REJECTS.get(name, 0)
    assert second.state == "unchanged"
    found = {
        table.name: count(settings, f"raw_{name}", table.name)
        for table in source(name).contract.tables
    }
    # What has no address is dropped by hand, and its table stays empty here.
    assert {table: held for table, held in found.items() if held} == {
        table: int(total) for table, total in told
    }
    assert sum(int(total) for _, total in told) == first.rows > 0
    assert {state for _, state in releases(settings, name)} == {"complete"}
    assert rows(settings, "select distinct is_synthetic from ops.source_release") == [(True,)]


@pytest.mark.usefixtures("server")
def test_students_arrive_as_they_are(take: Ingest, settings: Settings) -> None:
    take("edfi")

    found = rows(
        settings,
        "select count(*), count(distinct student_unique_id), min(birth_date) > '1990-01-01',"
        " count(*) filter (where row_number between 1 and 300) from raw_edfi.students",
    )
    races = rows(
        settings,
        "select count(*) from raw_edfi.student_education_organization_associations"
        " where jsonb_array_length(races) > 0",
    )
    assert found == [(300, 300, True, 300)]
    assert races[0][0] > 0


def test_a_file_with_a_lost_column_is_refused_and_nothing_of_it_is_there(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault("HD2024", "drop_column", column="OPEID"))

    with pytest.raises(ContractViolation, match=r"Missing: OPEID"):
        take("ipeds")

    refused = rows(
        settings, "select release, refused_reason from ops.source_release where state = 'refused'"
    )
    assert [release for release, _ in refused] == ["HD2024"]
    assert "Missing: OPEID" in refused[0][1]
    assert ("HD2023", "complete") in releases(settings, "ipeds")
    years = rows(settings, "select distinct collection_year from raw_ipeds.institutions order by 1")
    assert years == [(2022,), (2023,)]


def test_a_file_that_does_not_come_keeps_no_other_back(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault("HD2023", "status", status=503, after=1))  # it was there when asked

    with pytest.raises(SourceUnavailable, match=r"HD2023.* answered 503"):
        take("ipeds")

    assert {name: state for name, state in releases(settings, "ipeds") if name[:2] == "HD"} == {
        "HD2022": "complete",
        "HD2024": "complete",
    }


def test_where_one_file_needs_time_and_another_a_person_the_person_is_told(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault("HD2022", "status", status=503, after=1))
    server.faults.add(Fault("HD2023", "status", status=403, after=1))

    with pytest.raises(ConfigurationError, match=r"HD2023.* answered 403"):
        take("ipeds")

    assert ("HD2024", "complete") in releases(settings, "ipeds")


def test_who_is_asked_to_slow_down_asks_for_no_other_file(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault("HD2022", "status", status=429, after=1))

    with pytest.raises(QuotaExceeded):
        take("ipeds")

    assert not {"HD2023", "HD2024"} & {name for name, _ in releases(settings, "ipeds")}


def test_a_refused_release_is_taken_when_its_file_is_mended(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault(CIP_SOC, "rename_column", column="SOC2018Code", renamed="SOC"))
    with pytest.raises(ContractViolation, match="unknown: SOC;"):
        take("crosswalks", release="2020")
    server.faults.clear()

    result = take("crosswalks", release="2020")

    assert result.state == "loaded"
    assert releases(settings, "crosswalks") == [("2020", "complete")]


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("html", "web page"),
        ("truncate", "broke off|cut short"),
        ("status", "answered 503"),
        ("reset", "did not answer"),
    ],
)
def test_a_failing_server_leaves_no_trace_and_may_be_asked_again(
    server: SyntheticServer, take: Ingest, settings: Settings, kind: Any, told: str
) -> None:
    server.faults.add(Fault(CIP_SOC, kind))

    with pytest.raises(SourceUnavailable, match=told):
        take("crosswalks", release="2020")

    assert releases(settings, "crosswalks") == []
    assert not (settings.home / "landing").exists()
    assert list((settings.home / "work").iterdir()) == []


def test_a_truncated_fetch_does_not_truncate_the_table(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    take("edfi")
    before = count(settings, "raw_edfi", "students")
    server.serve_state(move_one_student(build_state(300, 3)))
    server.faults.add(Fault("ed-fi/students[?].*offset", "truncate"))

    with pytest.raises(SourceUnavailable):
        take("edfi")

    assert count(settings, "raw_edfi", "students") == before
    assert [state for _, state in releases(settings, "edfi")] == ["complete"]


def test_repeated_keys_are_refused(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault(CIP_SOC, "duplicate_rows"))

    with pytest.raises(ContractViolation, match=r"keys of cip_soc .* occur more than once"):
        take("crosswalks", release="2020")

    assert count(settings, "raw_crosswalks", "cip_soc") == 0
    assert rows(settings, "select count(*) from ops.load") == [(0,)]


def test_a_token_that_ends_in_mid_pull_is_renewed(server: SyntheticServer, take: Ingest) -> None:
    server.faults.add(Fault("ed-fi/students", "token_expiry", after=1, times=1))

    assert take("edfi").state == "loaded"


def test_a_total_that_lies_once_is_asked_again_and_twice_ends_the_pull(
    server: SyntheticServer, take: Ingest, settings: Settings
) -> None:
    server.faults.add(Fault("ed-fi/schools.*totalCount", "wrong_total"))
    with pytest.raises(ContractViolation, match=r"schools: the host counts .* Twice in a row"):
        take("edfi")
    assert [state for _, state in releases(settings, "edfi")] == ["refused"]
    server.faults.clear()
    server.faults.add(Fault("ed-fi/schools.*totalCount", "wrong_total", times=1))

    assert take("edfi").state == "loaded"


@pytest.mark.usefixtures("server")
def test_wrong_credentials_are_a_setting_to_mend(take: Ingest) -> None:
    with pytest.raises(ConfigurationError, match="credentials were refused") as refused:
        take("edfi", credentials={"client_id": "synthetic", "client_secret": "Quellmalz"})

    assert "Quellmalz" not in str(refused.value)


@pytest.mark.usefixtures("server")
def test_a_file_of_credentials_that_others_can_read_is_refused(
    take: Ingest, settings: Settings
) -> None:
    folder = settings.home / "credentials"
    folder.mkdir()
    (folder / "edfi.json").write_text(json.dumps(LOGIN))
    (folder / "edfi.json").chmod(0o644)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        take("edfi", credentials=None)
    (folder / "edfi.json").chmod(0o600)

    assert take("edfi", credentials=None).state == "loaded"


def test_a_new_version_of_the_students_supersedes_the_one_before(
    server: SyntheticServer, take: Ingest, settings: Settings, state: SyntheticState
) -> None:
    first = take("edfi").release
    server.serve_state(move_one_student(state))

    second = take("edfi").release

    found = rows(
        settings,
        "select newer.release, older.release from ops.source_release as newer"
        " inner join ops.source_release as older on newer.supersedes = older.source_release_id",
    )
    assert found == [(second, first)]


def completions(*, awards: int, name: str = "c2023_a_extract_test.csv") -> tuple[str, bytes]:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            "UNITID",
            "CIPCODE",
            "MAJORNUM",
            "AWLEVEL",
            "CTOTALT",
            "CTOTALM",
            "CTOTALW",
            "IS_CIP_6DIGIT",
        ]
    )
    for place in range(awards):
        writer.writerow([238263, f"51.{3801 + place}", 1, 5, 10, 4, 6, True])
    return name, text.getvalue().encode()


@pytest.fixture
def drop(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def dropped(name: str, content: bytes) -> Path:
        path = tmp_path / "dropped" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        return path

    return dropped


def test_a_file_by_hand_goes_the_same_way_and_twice_is_once(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    path = drop(*completions(awards=40))

    first = take("ipeds", from_path=path, release="C2023_A")
    second = take("ipeds", from_path=path.parent, release="C2023_A")

    assert (first.state, first.rows) == ("loaded", 40)
    assert second.state == "unchanged"
    assert count(settings, "raw_ipeds", "completions") == 40
    assert path.exists()
    found = rows(settings, "select origin, layout, is_synthetic from ops.source_release")
    assert found == [("inbox", "extract", False)]


def test_a_correction_of_a_release_gets_a_number_and_supersedes(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    take("ipeds", from_path=drop(*completions(awards=40)), release="C2023_A")

    result = take("ipeds", from_path=drop(*completions(awards=41)), release="C2023_A")

    assert result.release == "C2023_A.2"
    found = rows(
        settings, "select supersedes is not null, state from ops.source_release order by 1"
    )
    assert found == [(False, "complete"), (True, "complete")]


@pytest.mark.parametrize(
    "other", ["c2023_a_extract_states.csv", "c2023_a_extract_test-1.csv"], ids=["part", "copy"]
)
def test_files_that_would_remove_others_of_the_release_are_refused_before_they_land(
    take: Ingest, settings: Settings, drop: Callable[..., Path], other: str
) -> None:
    first = drop(*completions(awards=40))
    take("ipeds", from_path=first, release="C2023_A")
    landed = sorted((settings.home / "landing").rglob("*"))
    second = drop(*completions(awards=30, name=other))

    with pytest.raises(
        ConfigurationError,
        match=r"^Release C2023_A of ipeds holds c2023_a_extract_test\.csv, which .* would remove",
    ):
        take("ipeds", from_path=second, release="C2023_A")

    assert releases(settings, "ipeds") == [("C2023_A", "complete")]
    assert sorted((settings.home / "landing").rglob("*")) == landed
    both = take("ipeds", from_path=first.parent, release="C2023_A")
    assert (both.release, both.files) == ("C2023_A.2", 2)
    with pytest.raises(ConfigurationError, match=r"^Release C2023_A\.2 of ipeds holds"):
        take("ipeds", from_path=first, release="C2023_A")


def test_an_archive_under_a_password_is_refused_with_its_reason(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("hd2023.csv", b"UNITID")
    locked = bytearray(content.getvalue())
    locked[locked.index(b"PK\x03\x04") + 6] |= 1  # both headers now say: encrypted
    locked[locked.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(ContractViolation, match="is encrypted"):
        take("ipeds", from_path=drop("HD2023.zip", bytes(locked)), release="HD2023")

    found = rows(settings, "select state, refused_reason from ops.source_release")
    assert [state for state, _ in found] == ["refused"]
    assert found[0][1].startswith("HD2023.zip, member hd2023.csv is encrypted.")


def test_less_than_half_waits_for_a_person_whose_reason_is_kept(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    take("ipeds", from_path=drop(*completions(awards=40)), release="C2022_A")
    small = drop(*completions(awards=19, name="c2024_a_extract_test.csv"))
    with pytest.raises(ContractViolation, match=r"19 rows .* less than half of the 40 .*--allow-"):
        take("ipeds", from_path=small, release="C2024_A")
    assert count(settings, "raw_ipeds", "completions") == 40

    result = take("ipeds", from_path=small, release="C2024_A", allow_volume_reason="a strike")

    assert (result.state, result.rows) == ("loaded", 19)
    found = rows(
        settings,
        "select state, volume_allowed_reason, volume_allowed_by is not null"
        " from ops.source_release where release = 'C2024_A'",
    )
    assert found == [("complete", "a strike", True)]


@pytest.mark.usefixtures("server")
def test_an_archive_is_unpacked_in_the_home_and_what_a_killed_ingest_left_is_removed(
    take: Ingest, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = settings.home / "work" / "ingest-ipeds" / "p20w-read-killed" / "member-0.csv"
    left.parent.mkdir(parents=True)
    left.write_text("UNITID")
    monkeypatch.setattr(tempfile, "tempdir", str(settings.home / "nowhere"))

    assert take("ipeds", release="HD2024").state == "loaded"

    assert list((settings.home / "work").iterdir()) == []


def test_rows_outside_the_band_are_refused(take: Ingest, drop: Callable[..., Path]) -> None:
    name, content = completions(awards=40)

    with pytest.raises(ContractViolation, match=r"0 rows for completions, expected 1 to"):
        take("ipeds", from_path=drop(name, content.splitlines()[0]), release="C2023_A")


def detail(*lines: dict[str, str]) -> bytes:
    header = next(csv.reader(io.StringIO(NSC_HEADER)))
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


NSC_HEADER = (
    "Your Unique Identifier,First Name,Middle Initial,Last Name,Name Suffix,"
    "Requester Return Field,Record Found Y/N,Search Date,College Code/Branch,College Name,"
    "College State,2-year / 4-year,Public / Private,Enrollment Begin,Enrollment End,"
    "Enrollment Status,Class Level,Enrollment Major 1,Enrollment CIP 1,Enrollment Major 2,"
    "Enrollment CIP 2,Graduated?,Graduation Date,Degree Title,Degree Major 1,Degree CIP 1,"
    "Degree Major 2,Degree CIP 2,Degree Major 3,Degree CIP 3,Degree Major 4,Degree CIP 4,"
    "College Sequence"
)
TERM = {
    "Last Name": "Quellmalz",
    "Requester Return Field": "_abc",
    "Record Found Y/N": "Y",
    "Search Date": "20240601",
    "College Code/Branch": "003920-00",
    "Enrollment Begin": "20240903",
    "Enrollment End": "20241220",
    "Enrollment Status": "F",
    "Graduated?": "N",
}
DEGREE = {
    **{key: TERM[key] for key in list(TERM)[:5]},
    "Graduated?": "Y",
    "Graduation Date": "20280520",
    "Degree CIP 1": "513801",
}
ABSENT = {**{key: TERM[key] for key in list(TERM)[:2]}, "Record Found Y/N": "N"}


def test_a_return_is_split_into_terms_degrees_and_students_not_found(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    hidden = {**TERM, "Enrollment Status": ""}
    path = drop("return.csv", detail(TERM, hidden, DEGREE, ABSENT))

    result = take("nsc", from_path=path, release="spring")

    assert (result.rows, result.rejected) == (4, 0)
    assert rows(
        settings,
        "select row_number, enrollment_begin_date::text, enrollment_status_code,"
        " enrollment_status_code_status from raw_nsc.enrollments order by 1",
    ) == [(1, "2024-09-03", "F", "reported"), (2, "2024-09-03", None, "suppressed_at_source")]
    assert rows(settings, "select row_number, degree_cip_1 from raw_nsc.degrees") == [(3, "513801")]
    assert rows(settings, "select row_number, record_found from raw_nsc.searches") == [(4, "N")]


def test_bad_rows_are_kept_apart_without_personal_values_and_too_many_refuse_the_file(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    good = [{**TERM, "Requester Return Field": f"_{place}"} for place in range(2000)]
    bad = [{**TERM, "Enrollment Begin": "soon"}, {**TERM, "Requester Return Field": ""}]
    few = take("nsc", from_path=drop("few.csv", detail(*good, *bad)), release="few")

    with pytest.raises(ContractViolation, match=r"2 of 102 rows of enrollments") as refused:
        take("nsc", from_path=drop("many.csv", detail(*good[:100], *bad)), release="many")

    told = str(refused.value)
    assert "First: row 101, enrollment_begin_date is" in told
    assert "; row 102, requester_return_field is" in told
    assert "soon" not in told
    kept = rows(
        settings,
        "select table_name, row_number, column_name, value from ops.rejected_row order by 2",
    )
    assert (few.rows, few.rejected) == (2000, 2)
    assert kept == [
        ("enrollments", 2001, "enrollment_begin_date", None),
        ("enrollments", 2002, "requester_return_field", None),
    ]
    assert "Quellmalz" not in str(refused.value)


def test_a_refused_file_tells_its_first_three_rows_with_column_and_value(
    take: Ingest, drop: Callable[..., Path]
) -> None:
    name, content = completions(awards=9)
    lines = content.decode().splitlines()
    for row, (found, wrong) in {
        3: (",10,", ",ten,"),
        5: ("51.", "fifty-one."),
        6: (",10,", ",many,"),
        8: (",10,", ",10.5,"),
    }.items():
        lines[row] = lines[row].replace(found, wrong)  # the header is line 0

    with pytest.raises(ContractViolation, match=r"4 of 9 rows of completions") as refused:
        take("ipeds", from_path=drop(name, "\n".join(lines).encode()), release="C2023_A")

    first = str(refused.value).partition("First: ")[2]
    assert re.findall(r"row (\d+), (\w+) '(\S+)' ", first) == [
        ("3", "award_count", "ten"),
        ("5", "cip_code", "fifty-one.3805"),
        ("6", "award_count", "many"),
    ]


def test_a_row_that_belongs_to_no_table_is_told(take: Ingest, drop: Callable[..., Path]) -> None:
    path = drop("odd.csv", detail(TERM, {**TERM, "Record Found Y/N": "Z"}))

    with pytest.raises(ContractViolation, match=r"row belongs to no table \(1\)"):
        take("nsc", from_path=path, release="odd")


def test_a_dropped_file_with_a_social_security_number_is_not_landed(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    path = drop("return.csv", detail({**TERM, "Degree Title": "123-45-6789"}))

    with pytest.raises(ContractViolation, match="it was not landed") as refused:
        take("nsc", from_path=path, release="spring")

    assert "123-45-6789" not in str(refused.value)
    assert not (settings.home / "landing").exists()
    assert releases(settings, "nsc") == [("spring", "refused")]


@pytest.mark.parametrize("name", ["request.txt", "request.tsv", "request.xlsx", "request.dat"])
def test_a_dropped_file_whose_name_the_contract_does_not_know_is_not_landed(
    take: Ingest, settings: Settings, drop: Callable[..., Path], name: str
) -> None:
    with pytest.raises(ContractViolation, match=f"the file name {name} fits no layout"):
        take("nsc", from_path=drop(name, b"D1\t123456789\tAda\n"), release="spring")

    assert not (settings.home / "landing").exists()
    assert releases(settings, "nsc") == [("spring", "refused")]


def test_an_error_of_the_database_tells_no_row_and_leaves_nothing(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    take("nsc", from_path=drop("a.csv", detail(TERM)), release="first")
    with connect(settings, "owner") as connection:
        connection.execute(
            "alter table raw_nsc.enrollments add constraint no_begin"
            " check (enrollment_begin_date < '2024-10-01')"
        )
    late = {**TERM, "Enrollment Begin": "20241101"}

    with pytest.raises(DatabaseError) as refused:
        take("nsc", from_path=drop("b.csv", detail(TERM, late)), release="second")

    assert "sqlstate=23514" in str(refused.value)
    assert "no_begin" in str(refused.value)
    assert "Quellmalz" not in repr(refused.value)
    assert refused.value.__suppress_context__
    assert count(settings, "raw_nsc", "enrollments") == 1
    assert rows(settings, "select count(*) from ops.load") == [(1,)]
    assert ("second", "open") in releases(settings, "nsc")


def test_a_reader_that_fails_in_mid_stream_keeps_nothing(settings: Settings) -> None:
    contract = source("crosswalks").contract
    feeds = claims("CIP2020_SOC2018_Crosswalk.xlsx", contract, synthetic=False)

    def failing() -> Iterator[RawRows]:
        names = [column.name for column in contract.tables[0].arriving]
        cells = {"cip_code": "01.0000", "soc_code": "11-1011"}
        columns = {name: pa.array([cells.get(name, "Title")] * 9) for name in names}
        yield RawRows(columns, pa.array(range(1, 10), pa.int64()))
        raise ContractViolation("the file ends in the middle")

    @contextlib.contextmanager
    def read(*_: object) -> Iterator[list[Part]]:
        yield [Part("x", tuple(feeds), failing)]

    landed = LandedFile("crosswalks", "r", "x", "x", "", "hash", 0, now())
    with pytest.raises(ContractViolation, match="ends in the middle"):
        load_file(landed, contract, dsn(settings, "loader"), read=read)

    assert count(settings, "raw_crosswalks", "cip_soc") == 0
    assert rows(settings, "select count(*) from ops.load") == [(0,)]


def test_what_was_read_under_an_older_contract_is_loaded_again_from_the_landing_zone(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    path = drop(*completions(awards=40))
    take("ipeds", from_path=path, release="C2023_A")
    with connect(settings, "owner") as connection:
        connection.execute("update ops.load set contract_version = 'older'")

    take("ipeds", from_path=path, release="C2023_A")

    version = source("ipeds").contract.contract_version
    assert rows(
        settings,
        "select load.contract_version from ops.landed_file"
        " inner join ops.load on landed_file.load_id = load.load_id",
    ) == [(version,)]
    assert count(settings, "raw_ipeds", "completions") == 80


def test_the_newest_of_overlapping_releases_is_still_the_newest_load_under_a_new_contract(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    """The models take the rows of the highest load_id where releases overlap."""
    provisional = drop(*completions(awards=40, name="c2022_a_extract_first.csv"))
    revised = drop(*completions(awards=41, name="c2022_a_extract_revised.csv"))
    take("ipeds", from_path=provisional, release="C2022_A")
    take("ipeds", from_path=revised, release="C2022_A_RV")
    with connect(settings, "owner") as connection:
        connection.execute("update ops.load set contract_version = 'older'")

    take("ipeds", from_path=revised, release="C2022_A_RV")

    assert rows(
        settings,
        "select source_release.release, load.contract_version from ops.source_release"
        " inner join ops.landed_file"
        " on source_release.source_release_id = landed_file.source_release_id"
        " inner join ops.load on landed_file.load_id = load.load_id order by load.load_id",
    ) == [
        (release, source("ipeds").contract.contract_version)
        for release in ("C2022_A", "C2022_A_RV")
    ]


def test_a_column_that_the_contract_gained_is_added_and_a_changed_type_is_refused(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    take("ipeds", from_path=drop(*completions(awards=40)), release="C2022_A")
    with connect(settings, "owner") as connection:
        connection.execute("alter table raw_ipeds.completions drop column award_men_count")
        connection.execute("alter table raw_ipeds.institutions alter column longitude type text")
    again = drop(*completions(awards=40, name="c2024_a_extract_test.csv"))
    with pytest.raises(ContractViolation, match=r"longitude is text in the database and numeric"):
        take("ipeds", from_path=again, release="C2024_A")
    with connect(settings, "owner") as connection:
        connection.execute(
            "alter table raw_ipeds.institutions alter column longitude type numeric(10,6)"
            " using null"
        )

    take("ipeds", from_path=again, release="C2024_A")

    assert rows(settings, "select sum(award_men_count) from raw_ipeds.completions") == [(160,)]


def test_two_ingests_of_one_source_do_not_run_at_once(
    take: Ingest, settings: Settings, drop: Callable[..., Path]
) -> None:
    with psycopg.connect(dsn(settings, "loader")) as other:
        other.execute("select pg_advisory_lock(hashtext('p20w.ingest ipeds'))")

        with pytest.raises(DatabaseBusy, match="Another ingest of ipeds is running"):
            take("ipeds", from_path=drop(*completions(awards=2)), release="C2023_A")


def test_without_an_address_the_clearinghouse_has_nothing_to_fetch(
    take: Ingest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("P20W_NSC_URL", raising=False)

    assert take("nsc") == IngestResult("nsc", None, "nothing_new")
