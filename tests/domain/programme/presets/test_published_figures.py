"""The figures of the published pages, written down a second time: a slip in a preset is seen here."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from domain.programme.presets.examples import examples
from mutualist.domain.programme.presets import preset_rules

D = dt.date
#: The examples that the pages print or that were computed from them; each has to be among those that are scored.
WORKED = {
    "modern-work": {"MW-1", "MW-3", "MW-4", "MW-5"},
    "security": {"SEC-E1", "SEC-E2", "SEC-S1", "SEC-S2"},
    "business-applications": {"BA-1", "BA-2"},
    "odoo": {
        *("80 users, 3 certified, 14 of 20", "300 users, 6 certified, 16 of 20"),
        *("9 users, 10 certified, 5 of 5", "version 7, 50 users and 2 certified"),
    },
    "atlassian": {
        *("100,000 with 15,000 of it cloud", "3.2 million with 200,000 of it cloud"),
        "99,000, all of it cloud",
    },
}
MAXIMA = {
    "modern-work": {"adds": 20, "intermediate": 10, "advanced": 15, "usage": 30, "deployments": 25},
    "security": {"adds": 20, "skilling": 40, "usage": 20, "deployments": 20},
    "business-applications": {
        "adds": 15,
        "intermediate": 20,
        "advanced": 15,
        "growth": 30,
        "deployments": 20,
    },
}
RATES = {
    "Business Central": "1000",
    "Contact Center": "200",
    "Core HR": "1000",
    "Common data service (Customer Engagement)": "200",
    "Customer Insights": "0.2",
    "Finance & Operations": "100",
    "Guides": "1000",
    "Portals": "100",
    "Power Apps": "200",
    "Power Automate": "200",
    "Power BI": "200",
    "Remote Assist": "1000",
    "Retail": "100",
    "Talent Attract": "1000",
    "Talent Onboard": "1000",
}
CHECKLIST = {
    "bronze_rules": """action-setup, appropriate-polling, brands, common-modules, config-flow, config-flow-test-coverage,
        dependency-transparency, docs-actions, docs-high-level-description, docs-installation-instructions,
        docs-removal-instructions, entity-event-setup, entity-unique-id, has-entity-name, runtime-data,
        test-before-configure, test-before-setup, unique-config-entry""",
    "silver_rules": """action-exceptions, config-entry-unloading, docs-configuration-parameters,
        docs-installation-parameters, entity-unavailable, integration-owner, log-when-unavailable, parallel-updates,
        reauthentication-flow, test-coverage""",
    "gold_rules": """devices, diagnostics, discovery-update-info, discovery, docs-data-update, docs-examples,
        docs-known-limitations, docs-supported-devices, docs-supported-functions, docs-troubleshooting, docs-use-cases,
        dynamic-devices, entity-category, entity-device-class, entity-disabled-by-default, entity-translations,
        exception-translations, icon-translations, reconfiguration-flow, repair-issues, stale-devices""",
    "platinum_rules": "async-dependency, inject-websession, strict-typing",
}
#: List, item, and the last day on which it counts; nothing for those that go on.
COUNTS_UNTIL = [
    ("modern-work", "intermediate", "Microsoft 365 Fundamentals", D(2027, 3, 31)),
    ("modern-work", "intermediate", "Teams Administrator", None),
    ("modern-work", "advanced", "Enterprise Administrator Expert", D(2027, 11, 30)),
    ("modern-work", "advanced", "Teams Meetings and Rooms Technical Assessment", D(2027, 6, 15)),
    ("security", "step1", "Azure Security Engineer", D(2027, 8, 31)),
    ("security", "step1", "Cloud and AI Security Engineer", None),
    ("security", "step2", "Security Operations Analyst", None),
    ("security", "step3", "Information Protection Administrator", D(2026, 5, 31)),
    ("security", "step3", "Cybersecurity Architect Expert", None),
]
#: Users, certified people and retention that each level asks for.
ODOO = {
    "2023-05": {"ready": (10, 1), "silver": (75, 3, 70), "gold": (300, 6, 80)},
    "2018-01": {"ready": (0, 1), "silver": (50, 2), "gold": (100, 4)},
    "2019-01": {"ready": (10, 1), "silver": (50, 2, 70), "gold": (150, 3, 80)},
}


def test_every_published_example_is_scored():
    found = {(one.rules.id, one.name.split(": ", 1)[1]) for one in examples()}
    # One set of facts is an example in both tracks.
    both = {("security", f"SEC-S{n}") for n in (1, 2) if ("security", f"SEC-E{n}") in found}
    asked = {(rules, name) for rules, names in WORKED.items() for name in names}
    assert asked <= found | both


def test_the_small_business_examples_stand_in_those_of_the_enterprise():
    expected = {
        one.name: one.expect["metrics"]["skilling_smb"][1]
        for one in examples()
        if one.name in {"security: SEC-E1", "security: SEC-E2"}
    }
    assert expected == {"security: SEC-E1": 32, "security: SEC-E2": 24}


@pytest.mark.parametrize("name", MAXIMA)
def test_each_metric_has_its_published_maximum_in_both_tracks(name):
    rules = preset_rules(name)
    for track in ("enterprise", "smb"):
        found = {key: rules.metrics[f"{key}_{track}"].most.tree.value for key in MAXIMA[name]}
        assert found == MAXIMA[name]


def test_each_workload_has_its_published_rate():
    items = preset_rules("business-applications").lists["rates"].items
    assert {name: item.values["rate"] for name, item in items.items()} == {
        name: Fraction(rate) for name, rate in RATES.items()
    }


@pytest.mark.parametrize("name", CHECKLIST)
def test_the_quality_scale_has_the_published_rules(name):
    listed = preset_rules("quality-scale", "2024-11").lists[name]
    assert sorted(listed.items) == sorted(one.strip() for one in CHECKLIST[name].split(","))


@pytest.mark.parametrize(("rules", "listing", "item", "day"), COUNTS_UNTIL)
def test_certificates_count_as_long_as_published(rules, listing, item, day):
    found = preset_rules(rules).lists[listing]
    assert found.items[item].counts_until == day
    assert item in found.counting(day or D(2099, 1, 1))
    if day:
        assert item not in found.counting(day + dt.timedelta(days=1))


@pytest.mark.parametrize("version", ODOO)
def test_each_level_asks_for_what_was_published(version):
    levels = {one.name: one for one in preset_rules("odoo", version).levels}
    for name, figures in ODOO[version].items():
        asked = [one.condition.tree.right.value for one in levels[name].requires]
        assert asked == [figure for figure in figures if figure]
