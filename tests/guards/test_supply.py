"""What Mutualist is made of is known, pinned, and may be used."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from guards import supply
from guards.supply import ROOT, Part, forbidden


@pytest.mark.parametrize("name", ["base", "dev"])
def test_every_line_of_a_lock_is_pinned_and_has_hashes(name: str) -> None:
    lock = ROOT / "requirements" / f"{name}.txt"
    found = list(supply.locked(lock))
    heads = [
        line for line in lock.read_text("utf-8").splitlines() if re.match(r"[A-Za-z0-9]", line)
    ]
    assert len(found) == len(heads)
    assert [one for one, _, hashes in found if not hashes] == []


def test_the_written_bill_and_list_are_current() -> None:
    remedy = "run: python tests/guards/supply.py"
    assert supply.SBOM.read_text("utf-8") == supply.sbom(), remedy
    assert supply.LICENCES.read_text("utf-8") == supply.licences(), remedy


def test_the_bill_names_everything_that_runs() -> None:
    text = supply.SBOM.read_text("utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    bill = json.loads(text)
    named = {(one["name"], one["version"]) for one in bill["components"]}
    assert {(name, version) for name, version, _ in supply.locked()} <= named
    assert all(one["hashes"] and one["licenses"] for one in bill["components"])
    served = {
        file.name.split(".")[0]
        for file in (ROOT / "src/mutualist/apps/core/static/core/vendor").glob("*.js")
    }
    assert {one.split(".")[0] for one, _ in named} >= served - {"axe"}
    assert not re.search(r"https?://|timestamp|serialNumber", text)


def test_every_licence_is_known_and_allowed() -> None:
    assert [(part.name, part.licence) for part in supply.parts() if forbidden(part)] == []


@pytest.mark.parametrize(
    "licence", ["", "GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "Unknown"]
)
def test_other_licences_are_noticed(licence: str) -> None:
    assert forbidden(Part("x", "1", licence, "pypi", ()))
    assert not forbidden(Part("x", "1", "GPL-3.0-only OR MIT", "pypi", ()))


def test_files_of_others_come_with_their_licence() -> None:
    vendor = ROOT / "src/mutualist/apps/core/static/core/vendor"
    texts = (vendor / "LICENCES.txt").read_text("utf-8")
    for part in supply.parts():
        if part.kind == "npm" and part.name in {
            "htmx.org",
            "vega",
            "vega-lite",
            "vega-embed",
            "@fontsource-variable/instrument-sans",
        }:
            assert f"{part.name} {part.version}" in texts, part.name
    assert "SIL OPEN FONT LICENSE" in (ROOT / "src/mutualist/reports/fonts/OFL.txt").read_text(
        "utf-8"
    )


def test_an_audit_that_could_not_ask_is_no_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Silence of the advisory service must not look like health."""
    program = tmp_path / "pip_audit.py"
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for text, code, wanted in (
        ("print('No known vulnerabilities found')", 0, 0),
        ("print('could not be audited')", 0, 1),
        ("print('cannot reach the service')", 1, 1),
    ):
        program.write_text(f"{text}\nraise SystemExit({code})\n")
        assert supply.audit() == wanted, text
