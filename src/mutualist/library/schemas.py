"""JSON Schemas of the files: room, rule file, result, receipt, venture, and what is computed from a venture."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, cast


def room_schema() -> dict[str, Any]:
    """Return the JSON Schema of a room file (YAML or JSON)."""
    return _read("room.schema.json")


def ruleset_schema() -> dict[str, Any]:
    """Return the JSON Schema of a rule file."""
    return _read("ruleset.schema.json")


def verdict_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``Verdict.to_dict()``, ``verdict/1``."""
    return _own("verdict.schema.json")


def receipt_schema() -> dict[str, Any]:
    """Return the JSON Schema of the receipt of a seal, ``mutualist-receipt/1``."""
    return _own("receipt.schema.json")


def venture_schema() -> dict[str, Any]:
    """Return the JSON Schema of a venture file (YAML or JSON), ``venture/1``."""
    from mutualist.domain.venture.schema import venture_schema as make

    return make()


def simulation_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``Outcomes.to_dict()``, ``simulation/1``."""
    return _own("simulation.schema.json")


def programme_schema() -> dict[str, Any]:
    """Return the JSON Schema of the rules of a partner programme, ``programme/1``."""
    from mutualist.domain.programme.rules.schema import programme_schema as make

    return make()


def checklist_schema() -> dict[str, Any]:
    """Return the JSON Schema of what new partners do, ``checklist/1``."""
    from mutualist.domain.programme.checklist import checklist_schema as make

    return make()


def commission_schema() -> dict[str, Any]:
    """Return the JSON Schema of commission rules, ``commission/1``."""
    from mutualist.domain.programme.commission.schema import commission_schema as make

    return make()


def commission_statement_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``commission-statement/1``."""
    return _own("commission_statement.schema.json")


def score_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist programme score --json``, ``score/1``."""
    return _own("score.schema.json")


def split_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``Split.to_dict()``, ``split/1``."""
    return _own("split.schema.json")


def split_comparison_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``Comparison.to_dict()``, ``split-comparison/1``."""
    return _own("split_comparison.schema.json")


def es_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist risk es --json``, ``es/1``."""
    return _own("es.schema.json")


def stopgap_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist stopgap --json``, ``stopgap/1``."""
    return _own("stopgap.schema.json")


def exits_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist exits --json``, ``exits/1``."""
    return _own("exits.schema.json")


def terms_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist terms --json``, ``terms-proposal/1``."""
    return _own("terms.schema.json")


def tiers_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist evaluate tiers --json``, ``tiers-evaluation/1``."""
    return _own("tiers.schema.json")


def forecast_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist programme forecast --json``, ``forecast/1``."""
    return _own("forecast.schema.json")


def path_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist programme path --json``, ``path/1``."""
    return _own("path.schema.json")


def diff_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist programme diff --json`` and ``what-if``, ``diff/1``."""
    return _own("diff.schema.json")


def route_schema() -> dict[str, Any]:
    """Return the JSON Schema of ``mutualist route --json``, ``route/1``."""
    return _own("route.schema.json")


def _own(name: str) -> dict[str, Any]:
    content = files("mutualist.library").joinpath(name).read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(content))


def _read(name: str) -> dict[str, Any]:
    content = files("mutualist.domain.assess").joinpath("data", name).read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(content))
