"""The record of processing activities (Art. 30 GDPR), generated: it says what the tables say.

Names of purposes and grounds are data below, in both languages; what is kept and for how long comes
from `personal.yaml` and `retention.yaml`, with what this installation has set. Not legal advice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from django.conf import settings

from mutualist.apps.privacy.holdings import Holding, holdings
from mutualist.apps.privacy.retention import class_of, policy

FILE = Path(__file__).parent / "data" / "activities.yaml"
SCHEMA = "mutualist/activities/1"


@dataclass(frozen=True, slots=True)
class Activity:
    """One activity of the record: what for, on what ground, about whom, seen by whom."""

    title: Mapping[str, str]
    purpose: Mapping[str, str]
    ground: Mapping[str, str]
    people: Mapping[str, str]
    recipients: Mapping[str, str]
    tables: Sequence[str]


def activities() -> tuple[Activity, ...]:
    """Return the activities, from their data file."""
    content = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if content["schema"] != SCHEMA:
        raise ValueError(f"{FILE.name}: expected schema {SCHEMA}")
    return tuple(Activity(**one) for one in content["activities"])


def processing_record(language: str) -> str:
    """Return the record as Markdown, to be completed and kept by the controller."""
    return "\n".join(_lines(language)) + "\n"


def _lines(language: str) -> Iterator[str]:
    words = yaml.safe_load(FILE.read_text(encoding="utf-8"))["words"]

    def say(key: str) -> str:
        return str(words[key][language])

    here = {holding.label: holding for holding in holdings()}
    yield f"# {say('title')}"
    yield ""
    yield f"_{say('not_advice')}_"
    yield ""
    yield f"- {say('controller')}: {settings.MUTUALIST_CONTROLLER or say('to_fill_in')}"
    yield f"- {say('officer')}: {say('to_fill_in')}"
    yield f"- {say('made_from')}: Mutualist {settings.MUTUALIST_VERSION}, {policy().version}"
    for number, activity in enumerate(activities(), start=1):
        yield ""
        yield f"## {number}. {activity.title[language]}"
        yield ""
        for key in ("purpose", "ground", "people", "recipients"):
            yield f"- {say(key)}: {getattr(activity, key)[language]}"
        yield f"- {say('third_countries')}: {say('none')}"
        yield ""
        yield f"| {say('data')} | {say('columns')} | {say('how_long')} |"
        yield "|---|---|---|"
        for label in activity.tables:
            if label in here:
                yield _row(here[label], language, say("days"))
    yield ""
    yield f"## {say('measures')}"
    yield ""
    yield say("measures_where")


def _row(holding: Holding, language: str, days: str) -> str:
    kept = class_of(holding.keep)
    period = f"{kept.days} {days} {kept.words[language]}" if kept.days else kept.words[language]
    columns = ", ".join(f"`{column}`" for column in (*holding.shown, *holding.hidden))
    return f"| {holding.words[language]} (`{holding.label}`) | {columns} | {period} |"
