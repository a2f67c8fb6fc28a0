"""Ventures in which there is nothing to see, said in words: no page breaks, none shows a figure that is none."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from typing import Any

import pytest
from django.urls import reverse

from apps.rooms.cast import Cast
from apps.ventures.steps import browser, described
from mutualist.apps.ventures import actions
from mutualist.apps.ventures.models import Venture

NO_FIGURE = re.compile(r"\b(?:nan|inf|NaN|None)\b|∞|−0\b")
TAGS = re.compile(r"<[^>]*>")


def small(**more: Any) -> dict[str, Any]:
    """Two parties who share what one driver brings."""
    return {
        "schema": "venture/1",
        "name": "Small",
        "currency": "EUR",
        "periods": {"unit": "year", "count": 3},
        "parties": {
            "A": {"name": "Nordwerk", "discount": 0.05},
            "B": {"name": "Tauwerk", "discount": 0.05},
        },
        "drivers": {"sold": {"unit": "pieces", "low": 50, "likely": 100, "high": 150}},
        "lines": {"sales": {"party": "A", "kind": "revenue", "amount": "sold * 10 [EUR/piece]"}},
        "terms": {"half": {"type": "share", "from": "A", "to": "B", "share": 0.5, "of": "sales"}},
        **more,
    }


def never_earns() -> dict[str, Any]:
    return small(
        lines={"costs": {"party": "A", "kind": "cost", "amount": "sold * 10 [EUR/piece]"}},
        terms={},
    )


def constant() -> dict[str, Any]:
    made = small(drivers={"sold": {"unit": "pieces", "value": 100}})
    return made | {
        "options": {"go": {"type": "stop", "party": "A", "from": 1, "cost": 10, "ends": ["half"]}}
    }


def one_party() -> dict[str, Any]:
    return small(parties={"A": {"name": "Nordwerk", "discount": 0.05}}, terms={})


def mostly_negative() -> dict[str, Any]:
    """Together a loss is expected, and one of them gains nevertheless."""
    made = small()
    made["lines"]["costs"] = {"party": "A", "kind": "cost", "amount": 1100}
    return made


def nothing_at_all() -> dict[str, Any]:
    return small(lines={}, terms={}, drivers={})


def empty_core() -> dict[str, Any]:
    """Any two of three can do it: whatever the split, some two could do better alone."""
    made = small(terms={})
    made["parties"] = {key: {"name": f"Firm {key}", "discount": 0.05} for key in ("A", "B", "C")}
    made["contributions"] = [
        {"party": key, "what": "the same", "lines": ["sales"], "buy": 400}
        for key in ("A", "B", "C")
    ]
    return made


def not_superadditive() -> dict[str, Any]:
    """Each has a line that pays; together a third one eats it."""
    made = small(terms={})
    made["lines"] = {
        "own": {"party": "A", "kind": "revenue", "amount": 1000},
        "other": {"party": "B", "kind": "revenue", "amount": 1000},
        "office": {"party": "A", "kind": "cost", "amount": 900},
    }
    made["contributions"] = [
        {"party": "A", "what": "A", "lines": ["own", "office"], "irreplaceable": True},
        {"party": "B", "what": "B", "lines": ["other", "office"], "irreplaceable": True},
    ]
    return made


VENTURES = {
    made.__name__: made
    for made in (
        never_earns,
        constant,
        one_party,
        mostly_negative,
        nothing_at_all,
        empty_core,
        not_superadditive,
    )
}


def kept(cast: Cast, description: dict[str, Any]) -> Venture:
    return actions.describe_for_organisation(
        actor=cast.anna,
        organisation=cast.nordwerk.uid,
        template="revenue_share",
        description=description,
    )


def words(page: bytes) -> str:
    return TAGS.sub(" ", page.decode().split("<main", 1)[-1].split("</main>")[0])


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", VENTURES)
def test_every_page_says_it_in_words(cast: Cast, name: str, language: str) -> None:
    made = kept(cast, VENTURES[name]())
    client = browser(cast.anna, language)
    for page in ("venture", "compute", "leaving", "terms", "versions"):
        answer = client.get(reverse(f"ventures:{page}", args=[made.uid]))
        assert answer.status_code == 200, (page, answer.content.decode()[-2000:])
        found = NO_FIGURE.search(words(answer.content))
        assert found is None, (page, words(answer.content)[found.start() - 80 : found.end() + 80])


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", VENTURES)
def test_paper_and_workbook_too(cast: Cast, name: str, language: str) -> None:
    from openpyxl import load_workbook
    from pypdf import PdfReader

    made = kept(cast, VENTURES[name]())
    client = browser(cast.anna, language)
    paper = client.get(reverse("ventures:paper", args=[made.uid]))
    assert paper.status_code == 200, paper.content[-1000:]
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert NO_FIGURE.search(text) is None
    sheet = client.get(reverse("ventures:workbook", args=[made.uid]))
    book = load_workbook(io.BytesIO(sheet.content))
    cells = [cell.value for page in book for row in page.iter_rows() for cell in row]
    assert not [one for one in cells if isinstance(one, float) and one != one]  # noqa: PLR0124 - NaN


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("never_earns", "together nothing is earned"),
        ("constant", "every future is the same"),
        ("one_party", "only one party"),
        ("nothing_at_all", "every future is the same"),
        ("empty_core", "The core is empty"),
        ("not_superadditive", "Not every union pays"),
    ],
)
def test_the_page_names_what_is_missing(cast: Cast, name: str, said: str) -> None:
    made = kept(cast, VENTURES[name]())
    page = browser(cast.anna).get(reverse("ventures:venture", args=[made.uid]))
    assert said in words(page.content), words(page.content)


def test_shares_outside_of_the_whole_are_explained(cast: Cast) -> None:
    description = deepcopy(described("supplier_contract"))
    description["terms"]["parts"]["price"] = 300
    made = kept(cast, description)
    page = words(browser(cast.anna).get(reverse("ventures:venture", args=[made.uid])).content)
    assert "is no mistake" in page
    assert re.search(r"1[0-9]{2}%", page), "more than the whole of the risk"
    assert re.search(r"−\d+%", page), "less than nothing of it"
