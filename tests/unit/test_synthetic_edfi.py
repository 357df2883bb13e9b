"""The Ed-Fi API of the synthetic state, without a socket."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest

from p20w.synthetic.answers import Answer, Request
from p20w.synthetic.edfi.api import EdfiApi
from p20w.synthetic.edfi.demographics import _periods
from p20w.synthetic.faults import Fault
from p20w.synthetic.render.edfi import resources
from p20w.synthetic.state import SyntheticState, build_state

BASIC = "Basic " + base64.b64encode(b"synthetic:synthetic-secret").decode()


class Client:
    def __init__(self, state: SyntheticState) -> None:
        self.now = 0.0
        self.api = EdfiApi(resources(state), clock=lambda: self.now)
        self.token = self.get_token()

    def ask(
        self,
        path: str,
        query: dict[str, str] | None = None,
        *faults: Fault,
        token: str | None = None,
    ) -> Answer:
        headers = {"authorization": f"Bearer {token or self.token}"}
        request = Request("GET", path, query or {}, headers, b"", "http://host/edfi")
        return self.api.answer(request, faults)

    def get_token(self) -> str:
        body = b"grant_type=client_credentials"
        request = Request("POST", "/oauth/token", {}, {"authorization": BASIC}, body, "http://host")
        return json.loads(self.api.answer(request).body)["access_token"]

    def records(self, name: str, *faults: Fault, **query: str) -> list[dict[str, Any]]:
        answer = self.ask(f"/data/v3/ed-fi/{name}", query, *faults)
        assert answer.status == 200
        return json.loads(answer.body)

    def total(self, name: str, *faults: Fault) -> int:
        answer = self.ask(f"/data/v3/ed-fi/{name}", {"limit": "0", "totalCount": "true"}, *faults)
        return int(answer.headers["Total-Count"])

    def every(self, name: str) -> Iterator[dict[str, Any]]:
        offset = 0
        while page := self.records(name, offset=str(offset), limit="500"):
            yield from page
            offset += 500


@pytest.fixture(scope="module")
def state() -> SyntheticState:
    return build_state(900, 4)


@pytest.fixture
def client(state: SyntheticState) -> Client:
    return Client(state)


def test_discovery_names_token_and_data_addresses(client: Client) -> None:
    root = json.loads(client.ask("").body)

    assert root["urls"]["oauth"] == "http://host/edfi/oauth/token"
    assert root["urls"]["dataManagementApi"] == "http://host/edfi/data/v3/"
    assert root["dataModels"][0]["version"].startswith("5.")


@pytest.mark.parametrize(
    ("authorization", "body", "status"),
    [
        (BASIC, b"grant_type=client_credentials", 200),
        (BASIC, b"grant_type=password", 400),
        ("Basic c3ludGhldGljOndyb25n", b"grant_type=client_credentials", 401),
        ("", b"grant_type=client_credentials", 401),
    ],
)
def test_token_needs_key_secret_and_client_credentials(
    client: Client, authorization: str, body: bytes, status: int
) -> None:
    headers = {"authorization": authorization}
    request = Request("POST", "/oauth/token", {}, headers, body, "http://host")

    assert client.api.answer(request).status == status


def test_token_ends_after_its_lifetime(client: Client) -> None:
    client.now = 1799.0
    before = client.ask("/data/v3/ed-fi/schools").status
    client.now = 1801.0

    assert (before, client.ask("/data/v3/ed-fi/schools").status) == (200, 401)


def test_pages_hold_25_records_by_default_and_500_at_most(client: Client) -> None:
    too_many = client.ask("/data/v3/ed-fi/students", {"limit": "501"})

    assert len(client.records("students")) == 25
    assert len(client.records("students", limit="500")) == 500
    assert too_many.status == 400
    assert too_many.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/data/v3/ed-fi/unknown", "/data/v3/other/students", "/nothing"])
def test_unknown_addresses_are_404(client: Client, path: str) -> None:
    assert client.ask(path).status == 404


def test_all_pages_together_are_the_total_count_without_a_double_id(client: Client) -> None:
    for name in resources(build_state(900, 4)):
        ids = [record["id"] for record in client.every(name)]
        assert len(ids) == client.total(name) == len(set(ids)), name


def test_references_lead_to_records_that_exist(client: Client, state: SyntheticState) -> None:
    ids = {name: {record["id"] for record in client.every(name)} for name in resources(state)}
    missing = [
        link
        for name in ids
        for record in client.every(name)
        for link in _links(record)
        if link[0] in ids and link[1] not in ids[link[0]]
    ]

    assert missing == []


def _links(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        if "href" in value:
            _, _, resource, identity = value["href"].split("/")
            yield resource, identity
        for part in value.values():
            yield from _links(part)
    if isinstance(value, list):
        for part in value:
            yield from _links(part)


def test_descriptors_of_records_are_in_the_descriptor_resources(
    client: Client, state: SyntheticState
) -> None:
    known = {
        f"{record['namespace']}#{record['codeValue']}"
        for name in resources(state)
        if name.endswith("Descriptors")
        for record in client.every(name)
    }
    named = {space.partition("#")[0] for space in known}
    used = {
        uri
        for name in resources(state)
        if not name.endswith("Descriptors")
        for record in client.every(name)
        for uri in _uris(record)
        if uri.partition("#")[0] in named
    }

    assert len(used) > 60
    assert used <= known


def _uris(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("uri://"):
        yield value
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in parts:
        yield from _uris(part)


def test_ids_carry_district_and_school_code(client: Client) -> None:
    for school in client.every("schools"):
        agency = school["localEducationAgencyReference"]["localEducationAgencyId"]
        code = school["identificationCodes"][0]["identificationCode"]

        assert school["schoolId"] // 10_000 == agency
        assert code == f"{agency:04d}-{school['schoolId'] % 10_000:04d}"


def test_change_versions_split_a_resource_without_gap_or_overlap(client: Client) -> None:
    newest = json.loads(client.ask("/changeQueries/v1/availableChangeVersions").body)
    middle = newest["newestChangeVersion"] // 2
    name = "studentSchoolAssociations"
    path = f"/data/v3/ed-fi/{name}"
    counts = [
        int(client.ask(path, {"totalCount": "true", **window}).headers["Total-Count"])
        for window in ({"maxChangeVersion": str(middle)}, {"minChangeVersion": str(middle + 1)})
    ]

    assert sum(counts) == client.total(name)


def test_lying_total_differs_from_the_records(client: Client) -> None:
    fault = Fault("", "wrong_total", amount=3)

    assert client.total("schools", fault) == client.total("schools") + 3


def test_half_and_doubled_rows(client: Client) -> None:
    half = client.total("students", Fault("", "half_rows"))
    doubled = client.records("students", Fault("", "duplicate_rows"), limit="2")

    assert half == 450
    assert [record["id"] for record in doubled[::2]] == [record["id"] for record in doubled[1::2]]


def test_dropped_and_renamed_keys(client: Client) -> None:
    dropped = client.records("students", Fault("", "drop_column", column="birthDate"))
    fault = Fault("", "rename_column", column="birthDate", renamed="dateOfBirth")
    renamed = client.records("students", fault)

    assert "birthDate" not in dropped[0]
    assert "dateOfBirth" in renamed[0]
    assert "birthDate" in client.records("students")[0]


def test_expired_tokens_open_nothing_until_renewed(client: Client) -> None:
    status = client.ask("/data/v3/ed-fi/schools", {}, Fault("", "token_expiry")).status
    client.token = client.get_token()

    assert (status, client.ask("/data/v3/ed-fi/schools").status) == (401, 200)


@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (0b000001, [("2019-09-01", "2020-06-30")]),
        (0b000011, [("2019-09-01", "2021-06-30")]),
        (0b000101, [("2019-09-01", "2020-06-30"), ("2021-09-01", "2022-06-30")]),
        (0b110000, [("2023-09-01", None)]),
    ],
)
def test_economic_status_has_one_period_for_each_run_of_years(
    mask: int, expected: list[tuple[str, str | None]]
) -> None:
    found = [(period["beginDate"], period.get("endDate")) for period in _periods(mask)]

    assert found == expected
