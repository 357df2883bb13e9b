"""The small parts of ingestion: key hashes, reading ahead, canonical records, landing, inbox."""

from __future__ import annotations

import csv
import gzip
import io
import json
import stat
import threading
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.inbox import scan_restricted
from ingestion.keys import KeyHashes
from ingestion.landing import Origin, extension, land
from ingestion.read_ahead import read_ahead
from ingestion.records import canonical, write_records
from ingestion.registry import source
from p20w.errors import ConfigurationError, ContractViolation

KEYS = st.lists(
    st.tuples(st.text(max_size=5) | st.none(), st.integers(-3, 3) | st.none()), max_size=40
)


def hashes(keys: list[tuple[str | None, int | None]], *, pieces: int = 1) -> KeyHashes:
    found = KeyHashes(["a", "b"])
    batch = pa.RecordBatch.from_arrays(
        [
            pa.array([key[0] for key in keys], pa.string()),
            pa.array([key[1] for key in keys], pa.int32()),
        ],
        ["a", "b"],
    )
    step = max(1, len(keys) // pieces)
    for start in range(0, len(keys), step):
        found.add(batch.slice(start, step))
    return found


@settings(deadline=None)
@given(KEYS, st.integers(1, 4))
def test_a_repeated_key_is_always_suspected_and_different_keys_are_not(keys, pieces: int) -> None:
    assert hashes(keys, pieces=pieces).has_suspicion() == (len(set(keys)) < len(keys))


def test_more_keys_than_are_remembered_are_left_to_the_database(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("ingestion.keys.MOST_KEYS", 3)

    assert not hashes([("a", 1), ("b", 1), ("c", 1)], pieces=3).has_suspicion()
    assert hashes([("a", 1), ("b", 1), ("c", 1), ("d", 1)], pieces=4).has_suspicion()


def test_reading_ahead_gives_the_same_items_in_order() -> None:
    with read_ahead(iter(range(50))) as items:
        assert list(items) == list(range(50))


def test_an_error_while_reading_ahead_is_raised_where_the_items_are_taken() -> None:
    def broken():
        yield 1
        raise ContractViolation("the third row")

    with pytest.raises(ContractViolation, match="the third row"), read_ahead(broken()) as items:
        list(items)


def test_leaving_early_ends_the_thread() -> None:
    with read_ahead(iter(range(10**9))) as items:
        next(items)

    assert not [one for one in threading.enumerate() if one.name == "p20w-read-ahead"]


def test_records_hash_alike_in_any_order_and_whatever_is_volatile(tmp_path: Path) -> None:
    one, two = {"id": "1", "a": 1, "_etag": "x"}, {"id": "2", "a": 2}

    first = write_records([one, two], tmp_path / "1", kind="r", volatile=("_etag",))
    second = write_records(
        [two, one | {"_etag": "y"}], tmp_path / "2", kind="r", volatile=("_etag",)
    )
    changed = write_records([one, two | {"a": 3}], tmp_path / "3", kind="r", volatile=("_etag",))

    assert first == second
    assert first.content_hash != changed.content_hash
    assert gzip.decompress((tmp_path / "1").read_bytes()) == (
        b'{"_etag":"x","a":1,"id":"1"}\n{"a":2,"id":"2"}\n'
    )


def test_a_record_that_comes_twice_is_counted_and_left_out(tmp_path: Path) -> None:
    record = {"id": "1", "a": 1}

    written = write_records([record, record], tmp_path / "r", kind="r", volatile=())

    assert (written.records, written.repeated) == (1, 1)


def test_two_empty_resources_have_two_hashes(tmp_path: Path) -> None:
    hashes = {
        write_records([], tmp_path / kind, kind=kind, volatile=()).content_hash
        for kind in ("sections", "programs")
    }

    assert len(hashes) == 2


def test_canonical_json_has_sorted_keys_and_no_blanks() -> None:
    assert canonical({"b": [1, {"d": 1, "c": "é"}], "a": None}) == (
        b'{"a":null,"b":[1,{"c":"\\u00e9","d":1}]}'
    )


def landed(tmp_path: Path, content: bytes = b"abc", name: str = "a.csv.gz"):
    file = tmp_path / "incoming"
    file.write_bytes(content)
    zone = (tmp_path / "zone").as_uri()
    origin = Origin("https://x.example/a", "etag", None)
    return land(zone, file, source="fruit", release="2024", name=name, origin=origin)


def test_a_landed_file_has_its_hash_as_name_and_a_sidecar_and_is_private(tmp_path: Path) -> None:
    one = landed(tmp_path)

    # sha256 of b"abc", FIPS 180-2 appendix B.1
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    folder = tmp_path / "zone" / "fruit" / "2024"
    assert one.sha256 == one.content_hash == digest
    assert (folder / f"{digest}.csv.gz").read_bytes() == b"abc"
    assert json.loads((folder / f"{digest}.csv.gz.json").read_text())["origin_url"] == (
        "https://x.example/a"
    )
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, folder.parent)} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


def test_landing_twice_is_landing_once(tmp_path: Path) -> None:
    first, second = landed(tmp_path), landed(tmp_path)

    assert first.path == second.path
    assert len(list((tmp_path / "zone" / "fruit" / "2024").iterdir())) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../a.csv",
        "a\\b.csv",
        "..",
        ".hidden.csv",
        "",
        "a\n.csv",
        "a\0.csv",
        "a\u202evsc.exe",
        252 * "é",
    ],
    ids=ascii,
)
def test_a_file_name_that_would_leave_the_zone_or_deceive_is_refused(
    tmp_path: Path, name: str
) -> None:
    with pytest.raises(ConfigurationError, match="cannot be the name of a file"):
        landed(tmp_path, name=name)

    assert not (tmp_path / "zone").exists()


def test_a_release_that_would_leave_the_zone_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(b"abc")

    with pytest.raises(ConfigurationError, match="cannot be part of a path"):
        land(tmp_path.as_uri(), file, source="a", release="../b", name="a.csv", origin=Origin())


def test_a_publishers_name_with_blanks_and_a_comma_is_landed(tmp_path: Path) -> None:
    one = landed(tmp_path, name="2016.q1-q4 34037 Sussex County, New Jersey.csv")

    assert one.name == "2016.q1-q4 34037 Sussex County, New Jersey.csv"
    assert Path(one.path.removeprefix("file://")).name == f"{one.sha256}.csv"


def test_a_file_that_is_gone_from_the_zone_is_told(tmp_path: Path) -> None:
    one = landed(tmp_path)
    Path(one.path.removeprefix("file://")).unlink()

    with pytest.raises(ContractViolation, match="no longer in the landing zone"), one.local():
        pass


def test_extensions_of_compressed_files_are_kept_whole() -> None:
    assert [extension(name) for name in ("a.csv", "b.NDJSON.GZ", "x.2024.zip", "plain")] == [
        ".csv",
        ".ndjson.gz",
        ".zip",
        "",
    ]


PERSON = "123-45-6789"


def scanned(tmp_path: Path, name: str, content: bytes, source_name: str = "nsc") -> None:
    path = tmp_path / name
    path.write_bytes(content)
    scan_restricted(path, name, source(source_name).contract)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", f"First Name,Note\nAda,{PERSON}\n", "written like a social security number"),
        ("a.csv", "First Name,SSN\nAda,\n", r"nobody may send \(ssn\)"),
        ("a.csv", "First Name,Social Security No\n", r"nobody may send \(socialsecurityno\)"),
        ("a.csv", "First Name,Extra\nAda,x\nBob,123456789\n", "row 2: a nine-digit number"),
        ("a.ndjson", '{"codes":[{"system":"uri://x#SSN"}]}', "labelled as a social security"),
        ("a.ndjson", '{"ssn":"x"}', "labelled as a social security"),
    ],
)
def test_what_must_not_arrive_is_refused_without_its_value(
    tmp_path: Path, name: str, content: str, told: str
) -> None:
    with pytest.raises(ContractViolation, match=told) as refused:
        scanned(tmp_path, name, content.encode())

    assert PERSON not in str(refused.value)
    assert "123456789" not in str(refused.value)


def test_a_number_cut_by_two_blocks_and_packed_in_a_zip_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingestion.inbox.CHUNK", 8)
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("inside.csv", f"aaaaa{'b' * 3} {PERSON} c")

    with pytest.raises(ContractViolation, match=r"x\.zip, member inside\.csv"):
        scan_restricted(tmp_path / "x.zip", "x.zip", source("nsc").contract)


REQUEST = [
    ["H1", "008083", "00", "Quellmoor College", "20240101", "SE", "I"],
    ["D1", "123456789", "Ada", "", "Smith, born Doe", "", "19990101", "20240101", "", "008083"],
    ["T1", "3"],
]


def workbook(rows: list[list[object]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("empty")
        sheet = book.add_worksheet("students")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return content.getvalue()


def packed(name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def locked(content: bytes) -> bytes:
    """The zip, whose two headers now say that its one member is encrypted."""
    changed = bytearray(content)
    changed[content.index(b"PK\x03\x04") + 6] |= 1
    changed[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(changed)


def request(delimiter: str, encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(REQUEST)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("request.txt", request("\t")),
        ("request.tsv", request("\t")),
        ("request.csv", request("\t")),
        ("request.csv", request(";")),
        ("request.csv", request("|")),
        ("request.csv", request(",")),
        ("unicode.csv", request("\t", "utf-16")),
        ("no_extension", request("\t")),
        ("fixed.dat", b"D1 123456789 ADA SMITH  19990101\n"),
        ("no_header.csv", b"Ada,Smith,123456789\n"),
        ("wider_than_its_header.csv", b"First Name,Last Name\nAda,Smith,123456789\n"),
        (
            "other_than_its_header.csv",
            b"First Name,Note\nAda,Smith\t123456789\n",
        ),
        ("request.csv.gz", gzip.compress(request("\t"))),
        ("request.zip", packed("inside.csv", request("\t"))),
        ("request.zip", packed("inside.xlsx", workbook([["Name", "No"], ["Ada", 123456789]]))),
        ("request.xlsx", workbook([["Name", "No"], ["Ada", 123456789]])),
        ("request.xlsx", workbook([["Name", "No"], ["Ada", "123456789"]])),
    ],
)
def test_a_bare_number_is_found_however_the_file_is_split_named_and_packed(
    tmp_path: Path, name: str, content: bytes
) -> None:
    with pytest.raises(ContractViolation, match="a nine-digit number in column") as refused:
        scanned(tmp_path, name, content)

    assert "123456789" not in str(refused.value)


def test_a_dashed_number_in_utf_16_and_in_a_workbook_is_found(tmp_path: Path) -> None:
    for name, content in [
        ("unicode.txt", f"First Name\tNote\nAda\t{PERSON}\n".encode("utf-16")),
        ("book.xlsx", workbook([["First Name"], [PERSON]])),
        ("book.zip", packed("book.xlsx", workbook([["First Name"], [PERSON]]))),
    ]:
        with pytest.raises(ContractViolation, match="written like a social security number"):
            scanned(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("twice.zip", packed("inside.zip", packed("a.csv", b"")), "is packed twice"),
        (
            "locked.zip",
            locked(packed("a.csv", b"First Name\nAda\n")),
            r"member a\.csv is encrypted",
        ),
        ("broken.zip", b"no archive", r"cannot be opened \(BadZipFile\)"),
        ("broken.xlsx", b"no workbook", "cannot be opened"),
        ("quote.csv", b'First Name\n"' + b"a\n" * 100_000, r"cannot be opened \(Error\)"),
    ],
)
def test_what_cannot_be_looked_through_is_refused(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    with pytest.raises(ContractViolation, match=told):
        scanned(tmp_path, name, content)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("free_columns.csv", b"First Name,Note\nAda,1234567890\nBob,12345678\nCy,000123456\n"),
        ("dates.csv", b"First Name;Note\nAda;20240101\nBob;2024-01-01 12:00\n"),
        ("codes.xlsx", workbook([["Requester Return Field"], [123456789]])),
        ("codes.zip", packed("a.csv", b"Requester Return Field,Search Date\n123456789,20240101\n")),
        ("records.ndjson", b'{"studentUniqueId":"123456789","schoolId":123456789}\n'),
    ],
)
def test_other_numbers_pass(tmp_path: Path, name: str, content: bytes) -> None:
    scanned(tmp_path, name, content)


def test_codes_that_the_contract_takes_are_no_social_security_numbers(tmp_path: Path) -> None:
    scanned(
        tmp_path,
        "a.csv",
        b"Requester Return Field,College Code/Branch,Search Date\n123456789,008083-00,20240101\n",
    )
