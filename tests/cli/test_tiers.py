"""`mutualist evaluate tiers`, as people see it."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import mutualist as mu

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "quality_scale"


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        (
            "en",
            (
                "2025.12.4: rules Bronze 18, Silver 10, Gold 21, Platinum 3",
                "  5 of 8 that declare a tier earn exactly it; 3 earn more, 0 less.",
                "  Declared lower than earned (3):",
                "    sftp_storage: Silver → Platinum",
                "  Rule exempt without a reason (2): google_weather: dynamic-devices, google_weather: stale-devices",
            ),
        ),
        (
            "de",
            (
                "2025.12.4: Regeln Bronze 18, Silber 10, Gold 21, Platin 3",
                "  5 von 8, die eine Stufe angeben, verdienen genau diese; 3 verdienen mehr, 0 weniger.",
                "  Niedriger angegeben als verdient (3):",
                "    sftp_storage: Silber → Platin",
                "    palazzetti: keine → Bronze",
            ),
        ),
    ],
)
def test_tiers_are_told_release_by_release(call, lang, lines):
    done = call("evaluate", "tiers", FOLDER, "--lang", lang)
    assert done.code == 0
    said = done.out.splitlines()
    assert [line for line in lines if line not in said] == []
    # Nobody of the first release declares a tier, so there is nothing to compare.
    assert not any(line.startswith(("  0 of 0", "  0 von 0")) for line in said)


def test_a_tier_that_is_too_high_is_told_with_what_is_missing(call, tmp_path):
    for file in FOLDER.iterdir():
        text = file.read_text("utf-8").replace("Backblaze B2,bronze", "Backblaze B2,platinum")
        (tmp_path / file.name).write_text(text.replace("Apache", ""), encoding="utf-8")
    said = call("evaluate", "tiers", tmp_path).out
    line = next(line for line in said.splitlines() if "backblaze_b2" in line)
    assert line.startswith("    backblaze_b2: Platinum → Silver (")


def test_json_keeps_its_schema(call):
    document = json.loads(call("evaluate", "tiers", FOLDER, "--json").out)
    jsonschema.validate(document, json.loads(call("schema", "tiers").out))
    assert json.loads(call("schema", "tiers").out) == mu.tiers_schema()


def test_a_folder_that_has_no_rules_is_named(call, tmp_path):
    done = call("evaluate", "tiers", tmp_path, "--lang", "de")
    assert done.code == 1
    assert "rules.csv" in done.err
