"""Files of the synthetic sources: true layouts, honest totals, damage on demand."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict

import fastexcel
import pytest

from ingestion.registry import sources
from p20w.synthetic.render import bls_oews, crosswalks, file_sources, ipeds, nsc
from p20w.synthetic.state import SyntheticState, build_state
from p20w.synthetic.wire import WHOLE, Edit, csv_bytes


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(2_000, 5)


def member(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def read_csv(content: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(encoding))))


def read_xlsx(content: bytes, sheet: str | int = 0) -> list[dict[str, str]]:
    return fastexcel.read_excel(content).load_sheet(sheet, dtypes="string").to_arrow().to_pylist()


def test_every_file_has_the_same_bytes_each_time(state: SyntheticState) -> None:
    for module in file_sources().values():
        for file in module.files(state).values():
            assert file.render(WHOLE) == file.render(WHOLE)


def test_all_sources_but_the_apis_publish_files() -> None:
    stems = {source.name for source in sources()}

    assert stems - set(file_sources()) == {"bls_api", "edfi"}


def test_crosswalk_has_programs_and_occupations_without_a_match(state: SyntheticState) -> None:
    content = crosswalks.files(state)[crosswalks.FILE_NAME].render(WHOLE)
    rows = read_xlsx(content, "CIP-SOC")

    assert list(rows[0]) == ["CIP2020Code", "CIP2020Title", "SOC2018Code", "SOC2018Title"]
    assert sum(row["SOC2018Code"] == "99-9999" for row in rows) == 4
    assert sum(row["CIP2020Code"] == "99.9999" for row in rows) == 5
    nursing = [row["SOC2018Code"] for row in rows if row["CIP2020Code"] == "51.3801"]
    assert nursing == ["29-1141"]


def test_national_wages_have_32_columns_and_the_combined_occupation_twice(
    state: SyntheticState,
) -> None:
    content = bls_oews.files(state)["oesm24nat.zip"].render(WHOLE)
    rows = read_xlsx(member(content, "oesm24nat/national_M2024_dl.xlsx"))
    groups = [row["O_GROUP"] for row in rows if row["OCC_CODE"] == "29-2010"]

    assert len(rows[0]) == 32
    assert groups == ["broad", "detailed"]
    assert Counter(row["O_GROUP"] for row in rows)["major"] == 22


def test_national_total_is_the_sum_of_the_major_groups(state: SyntheticState) -> None:
    content = bls_oews.files(state)["oesm24nat.zip"].render(WHOLE)
    rows = read_xlsx(member(content, "oesm24nat/national_M2024_dl.xlsx"))
    majors = sum(int(row["TOT_EMP"]) for row in rows if row["O_GROUP"] == "major")

    assert majors == int(rows[0]["TOT_EMP"])


@pytest.fixture(scope="module")
def sectors(state: SyntheticState) -> list[dict[str, str]]:
    content = bls_oews.files(state)["oesm24in4.zip"].render(WHOLE)
    return read_xlsx(member(content, "oesm24in4/natsector_M2024_dl.xlsx"))


def test_sectors_have_the_columns_of_the_nation_and_add_up_to_it(
    state: SyntheticState, sectors: list[dict[str, str]]
) -> None:
    content = bls_oews.files(state)["oesm24nat.zip"].render(WHOLE)
    nation = read_xlsx(member(content, "oesm24nat/national_M2024_dl.xlsx"))
    national = {row["OCC_CODE"]: int(row["TOT_EMP"]) for row in nation}
    jobs: dict[str, int] = defaultdict(int)
    untold = set()
    for row in sectors:
        if row["O_GROUP"] == "broad":
            continue
        if row["TOT_EMP"] == "**":
            untold.add(row["OCC_CODE"])
        else:
            jobs[row["OCC_CODE"]] += int(row["TOT_EMP"])

    assert list(sectors[0]) == list(nation[0])
    assert len({row["NAICS"] for row in sectors}) == 20
    assert 0 < len(untold) < len(jobs) / 2
    # Each of at most fifteen sectors of a group is off by five at most.
    for code in jobs.keys() - untold - {"00-0000"}:
        assert jobs[code] == pytest.approx(national[code], abs=75)
    assert jobs["00-0000"] == pytest.approx(national["00-0000"], abs=75 * 22)


def test_a_sectors_total_is_the_sum_of_its_major_groups_and_has_its_owners(
    sectors: list[dict[str, str]],
) -> None:
    majors: dict[str, int] = defaultdict(int)
    totals, owners = {}, {}
    for row in sectors:
        if row["O_GROUP"] == "major":
            majors[row["NAICS"]] += int(row["TOT_EMP"])
        if row["O_GROUP"] == "total":
            totals[row["NAICS"]] = int(row["TOT_EMP"])
            owners[row["NAICS"]] = row["OWN_CODE"]
            assert row["PCT_TOTAL"] == "100"

    assert totals == majors
    # The codes of owners are those of the sheet of fields of May 2024.
    others = {code: owner for code, owner in owners.items() if owner != "5"}
    assert others == {
        "48-49": "59", "61": "235", "62": "58", "71": "57", "72": "57", "99": "123",
    }  # fmt: skip


def test_wages_at_the_top_code_are_a_hash_and_teachers_have_no_hourly_wage(
    state: SyntheticState,
) -> None:
    content = bls_oews.files(state)["oesm24st.zip"].render(WHOLE)
    rows = read_xlsx(member(content, "oesm24st/state_M2024_dl.xlsx"))
    teacher = next(r for r in rows if r["OCC_CODE"] == "25-2021" and r["PRIM_STATE"] == "WI")
    hourly = [row["H_PCT90"] for row in rows]

    assert teacher["ANNUAL"] == "TRUE"
    assert teacher["H_MEDIAN"] == "*"
    assert "#" in hourly
    assert all(float(cell) < 115 for cell in hourly if cell not in ("#", "*"))
    assert "**" in {row["TOT_EMP"] for row in rows}


def test_kenosha_is_an_area_of_its_own_from_the_vintage_of_2024(state: SyntheticState) -> None:
    found = {}
    for vintage in (23, 24):
        content = bls_oews.files(state)[f"oesm{vintage}ma.zip"].render(WHOLE)
        book = member(content, f"oesm{vintage}ma/MSA_M20{vintage}_dl.xlsx")
        found[vintage] = {row["AREA"] for row in read_xlsx(book)}

    assert found[24] - found[23] == {"28450"}


def test_grand_totals_equal_the_programs_of_a_college_and_level(state: SyntheticState) -> None:
    content = ipeds.files(state)["C2023_A.zip"].render(WHOLE)
    rows = read_csv(member(content, "c2023_a_rv.csv"))
    detail: dict[tuple[str, ...], int] = defaultdict(int)
    total: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = (row["UNITID"], row["MAJORNUM"], row["AWLEVEL"])
        if row["CIPCODE"] == "99":
            total[key] = int(row["CTOTALT"])
        else:
            detail[key] += int(row["CTOTALT"])

    assert detail == total
    assert {key[1] for key in total} == {"1", "2"}


def test_men_women_and_races_add_up_to_the_awards(state: SyntheticState) -> None:
    content = ipeds.files(state)["C2024_A.zip"].render(WHOLE)
    rows = read_csv(member(content, "c2024_a.csv"))
    races = ("AIAN", "ASIA", "BKAA", "HISP", "NHPI", "WHIT", "2MOR", "UNKN", "NRAL")

    assert len(rows[0]) == 64
    for row in rows:
        assert int(row["CTOTALT"]) == int(row["CTOTALM"]) + int(row["CTOTALW"])
        assert int(row["CTOTALT"]) == sum(int(row[f"C{race}T"]) for race in races)


def test_revised_completions_stand_beside_the_provisional_ones_and_differ(
    state: SyntheticState,
) -> None:
    content = ipeds.files(state)["C2023_A.zip"].render(WHOLE)
    first, revised = (read_csv(member(content, f"c2023_a{tail}.csv")) for tail in ("", "_rv"))

    assert len(first) == len(revised)
    assert first != revised
    assert "N" in {row["XCTOTALT"] for row in first}
    assert "N" not in {row["XCTOTALT"] for row in revised}


def test_directory_loses_leading_zeros_and_changes_its_encoding(state: SyntheticState) -> None:
    offered = ipeds.files(state)
    old = member(offered["HD2022.zip"].render(WHOLE), "hd2022.csv")
    new = member(offered["HD2023.zip"].render(WHOLE), "hd2023.csv")
    alabama = next(row for row in read_csv(new) if row["STABBR"] == "AL")

    assert old.startswith(b"UNITID")
    assert new.startswith(b"\xef\xbb\xbfUNITID")
    assert (alabama["FIPS"], alabama["COUNTYCD"]) == ("1", "1089")


def test_clearinghouse_returns_spell_their_headers_differently(state: SyntheticState) -> None:
    headers = [
        file.render(WHOLE).decode("windows-1252").split("\r\n", 1)[0].split(",")
        for file in nsc.files(state).values()
    ]

    assert [header[5] for header in headers] == [
        "Requester Return Field",
        "REQUESTER_RETURN_FIELD",
        "requester return field",
    ]
    assert {len(header) for header in headers} == {33}


def test_clearinghouse_rows_are_terms_or_awards_or_one_not_found(state: SyntheticState) -> None:
    content = next(iter(nsc.files(state).values())).render(WHOLE)
    rows = read_csv(content)
    kinds = defaultdict(set)
    for row in rows:
        kinds[row["Requester Return Field"]].add((row["Record Found Y/N"], row["Graduated?"]))
        if row["Graduated?"] == "Y":
            assert row["Enrollment Begin"] == ""
        if row["Graduated?"] == "N":
            assert row["Graduation Date"] == ""

    assert {("N", "")} in kinds.values()
    assert {("Y", "N"), ("Y", "Y")} in kinds.values()
    assert not any({("N", ""), ("Y", "N")} <= found for found in kinds.values())


def test_each_return_knows_at_least_the_terms_of_the_one_before(state: SyntheticState) -> None:
    terms = []
    for file in nsc.files(state).values():
        rows = list(csv.reader(io.StringIO(file.render(WHOLE).decode())))[1:]
        terms.append({(r[5].lower(), r[8], r[13]) for r in rows if r[21] == "N"})

    assert terms[0] < terms[1] <= terms[2]
    assert len(terms[2]) > len(terms[1])


def test_edits_drop_rename_halve_and_double() -> None:
    rows = [("a", 1), ("b", 2)]

    assert csv_bytes(Edit(drop="y"), ("x", "y"), rows) == b"x\r\na\r\nb\r\n"
    assert csv_bytes(Edit(rename=("y", "z")), ("x", "y"), rows) == b"x,z\r\na,1\r\nb,2\r\n"
    assert csv_bytes(Edit(half=True), ("x", "y"), rows) == b"x,y\r\na,1\r\n"
    assert csv_bytes(Edit(duplicate=True), ("x",), [("a",)]) == b"x\r\na\r\na\r\n"
