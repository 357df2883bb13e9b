"""Data Docs as static pages: a door's checks with their remedies, and Great Expectations' pages.

Each door has a folder that switches in one step (a symbolic link is replaced); the pages load
nothing from elsewhere and carry counts, never a value of a row.
Flow: results of a door -> `<home>/data_docs/<door>/`, `<home>/data_docs/index.html`.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from expectations.catalogue import Catalogue
    from expectations.doors import CheckResult, DoorResult
    from expectations.validation import Validation

DOORS = {
    "staging": "Door 1: tonight's inputs",
    "core": "Door 2: the star schema",
    "release": "Door 3: what each reader will see",
}
STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:75rem;padding:0 1rem;
color:#1d2433}table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #d5dae3;
padding:.45rem .6rem;text-align:left;vertical-align:top}th{background:#f2f4f8}
.pass{color:#17663a}.fail{color:#a11225;
font-weight:600}.warn{color:#8a5a00;font-weight:600}td.n{text-align:right;font-variant-numeric:
tabular-nums}.small{color:#566;font-size:.87em}a{color:#1f4f99}
"""
# Their icons and sidebar need those styles: plain signs, and no sidebar.
GREAT_STYLE = """
nav.navbar,.col-lg-2,.modal,.collapse{display:none}.fa-times::before{content:"\\2717"}
.fa-check-circle::before{content:"\\2713"}.fa-exclamation-triangle::before{content:"!"}
.text-danger{color:#a11225}.text-success{color:#17663a}.badge{background:#e8ebf1;padding:0 .3em}
"""
UPWARD = re.compile(r'href="(?:\.\./)+[^"]*"')
PAGE = Template(
    "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><title>$title</title>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'><style>$style</style>"
    "</head><body><h1>$title</h1>$body</body></html>"
)
# Great Expectations' pages ask content networks for scripts and styles; ours stand alone.
FOREIGN = re.compile(
    r"<script\b.*?</script>|<link\b[^>]*>|<img\b[^>]*https?:[^>]*>|url\(['\"]?https?:[^)]*\)"
    r"|<footer\b.*?</footer>",
    re.DOTALL,
)


def write(
    home: Path, result: DoorResult, catalogue: Catalogue, validations: Sequence[Validation]
) -> Path:
    """Write a door's pages and switch its folder in one step.

    Returns:
        The index page of all doors.
    """
    site = home / "data_docs"
    builds = site / ".builds"
    builds.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{result.door}-", dir=builds))
    pages = [validation for validation in validations if validation.page is not None]
    for validation in pages:
        (folder / f"{validation.table}.html").write_text(standing_alone(validation.page or ""))
    (folder / "index.html").write_text(door_page(result, catalogue, [p.table for p in pages]))
    (folder / "summary.html").write_text(_summary(result))
    _switch(site / result.door, folder)
    return _write_index(site)


def standing_alone(page: str) -> str:
    """A page of Great Expectations without anything that a browser would fetch from elsewhere."""
    alone = UPWARD.sub('href="index.html"', FOREIGN.sub("", page))
    return alone.replace("</head>", f"<style>{STYLE}{GREAT_STYLE}</style></head>", 1)


def door_page(result: DoorResult, catalogue: Catalogue, tables: Sequence[str]) -> str:
    """The table of a door's checks, failures first."""
    ordered = sorted(result.results, key=lambda one: (one.success, one.severity))
    rows = "".join(_row(one, catalogue) for one in ordered)
    links = ", ".join(
        f"<a href='{escape(name)}.html'>{escape(name)}</a>" for name in sorted(tables)
    )
    body = (
        f"<p>{_summary(result)}</p><table><tr><th>Check</th><th>Result</th><th>Checked</th>"
        "<th>Unexpected</th><th>Meaning, and what to do</th></tr>"
        f"{rows}</table><p>Expectations by table: {links or 'none'}.</p>"
        "<p><a href='../index.html'>All doors</a></p>"
    )
    return PAGE.substitute(title=DOORS[result.door], style=STYLE, body=body)


def _row(one: CheckResult, catalogue: Catalogue) -> str:
    entry = catalogue.entry(one.check_id)
    word, kind = ("passed", "pass") if one.success else ("failed", "fail")
    if not one.success and one.severity == "warn":
        word, kind = "warning", "warn"
    found = "".join(f"<br><span class='small'>{escape(place)}</span>" for place in one.failed[:20])
    return (
        f"<tr><td><code>{one.check_id}</code><br><span class='small'>{one.severity},"
        f" {escape(entry.owner)}</span></td><td class='{kind}'>{word}{found}</td>"
        f"<td class='n'>{_number(one.element_count)}</td>"
        f"<td class='n'>{_number(one.unexpected_count)}</td><td>{escape(entry.meaning)}"
        f"<br><span class='small'>When it matters: {escape(entry.when_it_matters)}<br>"
        f"To fix: {escape(entry.how_to_fix)}</span></td></tr>"
    )


def _number(count: int | None) -> str:
    return "unknown" if count is None else f"{count:,}"


def _summary(result: DoorResult) -> str:
    state = "shut" if result.blocked else "open"
    return (
        f"<span class='{'fail' if result.blocked else 'pass'}'>{state}</span>, run {result.run_id},"
        f" {result.checked_at:%Y-%m-%d %H:%M} UTC: {len(result.results)} checks,"
        f" {len(result.blocked)} blocking failures, {len(result.warned)} warnings"
    )


def _switch(link: Path, folder: Path) -> None:
    before = link.resolve() if link.is_symlink() else None
    fresh = folder.with_suffix(".link")
    fresh.symlink_to(Path(".builds") / folder.name)
    fresh.replace(link)
    if before is not None:
        shutil.rmtree(before, ignore_errors=True)


def _write_index(site: Path) -> Path:
    items = "".join(
        f"<tr><td><a href='{door}/index.html'>{title}</a></td>"
        f"<td>{(site / door / 'summary.html').read_text()}</td></tr>"
        for door, title in DOORS.items()
        if (site / door / "summary.html").exists()
    )
    body = (
        "<p>Every night passes three doors. A blocking failure stops it; published tables stay as"
        f" they were.</p><table>{items}</table>"
    )
    index = site / "index.html"
    fresh = index.with_suffix(".unfinished")
    fresh.write_text(PAGE.substitute(title="Data Docs", style=STYLE, body=body))
    fresh.replace(index)
    return index
