"""Whatever is asked of a page or a list of the channel gets an answer: never a server error, and nothing is changed.

Each address is read in the demo, where there is something of every kind, with the parameters that the product looks at and values
it does not expect: by the vendor, by a partner with an account, by a mailed link, and by a rival partner, to whom nothing is there.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db.models.query import QuerySet
from django.urls import reverse

import mutualist.apps
from apps.programme.cast import browser
from apps.writes.scenarios import program, rows
from guards.routes import COMMISSIONS, PROGRAMME, PROJECTS, all_routes, api_operations
from guards.test_fuzz import DESCRIBED
from guards.test_fuzz_channel import EXAMPLES, JUNK
from mutualist.apps.commissions import models as commissions
from mutualist.apps.commissions.demo import load_demo_commissions
from mutualist.apps.core.isolation import MAINTENANCE, private_scope
from mutualist.apps.enquiries import models as enquiries
from mutualist.apps.enquiries.demo import load_demo_enquiries
from mutualist.apps.identity.models import User
from mutualist.apps.identity.queries import actor_of
from mutualist.apps.programme import models as programme
from mutualist.apps.programme.demo import load_demo_programme
from mutualist.apps.programme.public import make_link
from mutualist.apps.projects import models as projects
from mutualist.apps.projects.demo import load_demo_projects
from mutualist.apps.ratings import models as ratings
from mutualist.apps.ratings.demo import load_demo_ratings
from mutualist.apps.rooms.demo import load_demo

pytestmark = pytest.mark.django_db
HOME = Path(mutualist.apps.__file__).parent
PUBLIC = {
    *("enquiries:finder", "enquiries:ask", "enquiries:thanks", "enquiries:embed"),
    *("programme:list", "programme:new", "programme:apply"),
}
ASKED = re.compile(r"GET(?:\.get(?:list)?\(|\[)\"(\w+)\"")
PLACE = re.compile(r"<(?:(\w+):)?(\w+)>|\{(?:(\w+):)?(\w+)\}")
#: Values that come near to what is expected: another sort, a page far behind, a state nobody has.
NEAR = (
    "0",
    "2",
    "-1",
    "1e9",
    "9" * 30,
    "csv",
    "xlsx",
    "json",
    "name",
    "-name",
    "open",
    "EUR",
    "DE",
)


#: Fields of forms that are read from the address.
FIELDS = ("search", "sort", "country", "postal_code", "ability")
TURNS = max(EXAMPLES // 10, 1)


@pytest.fixture
def people() -> dict[str, Any]:
    load_demo()
    load_demo_programme()
    load_demo_commissions()
    load_demo_projects()
    load_demo_enquiries()
    load_demo_ratings()
    found = {}
    for who in ("anna@nordwerk.example", "clara@tauwerk.example", "dora@grauwerk.example"):
        found[who.partition("@")[0]] = actor_of(User.objects.get(email=who))
    return found


def first(model: Any, **wanted: Any) -> Any:
    with private_scope(MAINTENANCE):
        return QuerySet(model=model).filter(**wanted).order_by("pk").first()


def places() -> dict[str, Any]:
    """Return something for each part of an address: Tauwerk's where it is a partner's."""
    whole = first(programme.Programme)
    tauwerk = first(programme.Relation, name__startswith="Tauwerk")
    own = {"relation": tauwerk}
    with private_scope(MAINTENANCE):
        token = make_link(first(programme.Contact, **own)).split("/")[2]
    found = {
        "programme": whole,
        "relation": tauwerk,
        "partner": tauwerk,
        "enquiry": first(enquiries.Enquiry, programme=whole),
        "offer": first(enquiries.Offer, **own),
        "project": first(projects.Registration, **own),
        "invoice": first(commissions.Invoice),
        "earning": first(commissions.Earning),
        "statement": first(commissions.Statement),
        "run": first(commissions.PaymentRun),
        "entry": first(commissions.Entry),
        "promise": first(ratings.Promise),
        "stored": first(programme.FactImport),
    }
    found = {name: getattr(one, "uid", "") for name, one in found.items()}
    change = first(programme.LevelChange, **own)
    return found | {
        "token": token,
        "slug": whole.slug,
        "change": change.pk,
        "table": "sales",
        "version": 1,
        "number": 1,
        "move": "accept",
    }


def addresses() -> dict[str, str]:
    """Return the address of everything of the channel that can be read, by its name."""
    known, found = places(), {}
    patterns, operations = all_routes(), api_operations()
    for name in sorted({*PROGRAMME, *PROJECTS, *COMMISSIONS, *PUBLIC}):
        if name.startswith("api:") and "GET" not in operations[name]:
            continue
        needed = {b or d: a or c for a, b, c, d in PLACE.findall(patterns[name])}
        values = {
            part: known.get(part)
            or (1 if kind == "int" else "0" * 8 + "-0000-4000-8000-" + "0" * 12)
            for part, kind in needed.items()
        }
        found[name] = reverse(name, kwargs=values)
    return found


def parameters(name: str) -> list[str]:
    """Return the parameters that a page's app looks at, or that an operation is described with."""
    app, _colon, route = name.partition(":")
    if app == "api":
        operations = (one["get"] for one in DESCRIBED["paths"].values() if "get" in one)
        found = next(one for one in operations if one["operationId"].endswith(f"_{route}"))
        return [one["name"] for one in found.get("parameters", ()) if one["in"] == "query"]
    texts = [file.read_text(encoding="utf-8") for file in (HOME / app).rglob("*.py")]
    return sorted({*FIELDS, *(one for text in texts for one in ASKED.findall(text))})


class Reader:
    """Asks for each parameter, with a value drawn by lot, and for another beside it."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.names = lru_cache(parameters)

    def queries(self, name: str) -> Iterator[str]:
        """Yield what is asked of an address."""
        known = self.names(name) or ["more"]
        for one in known * TURNS:
            drawn = [(key, self.value()) for key in (one, self.chance.choice(known))]
            yield urlencode(drawn, errors="surrogatepass")

    def value(self) -> str:
        return self.chance.choice((*JUNK, *NEAR))[:2_000]


@pytest.mark.parametrize("who", ["anna", "clara", "dora"])
def test_no_question_breaks_a_page_or_changes_anything(people: dict[str, Any], who: str) -> None:
    found, reader = addresses(), Reader(seed=len(who))
    client = browser(people[who])
    client.raise_request_exception = False
    headers = {"Authorization": f"Bearer {program(people[who])}"}
    client.get("/")  # the first visit from a device is put down
    before, answers, wrong = rows(), Counter[int](), []
    for name, address in found.items():
        for query in reader.queries(name):
            path = f"{address}?{query}"
            answer = client.get(path, headers=headers if name.startswith("api:") else {})
            answers[answer.status_code] += 1
            # A file is written while it is read.
            size = sum(len(part) for part in answer) if answer.streaming else len(answer.content)
            if answer.status_code >= 500 or (who == "dora" and size and not hidden(name, answer)):
                wrong.append((name, path[:300], answer.status_code))
    assert not wrong
    assert rows() == before
    assert answers[404 if who == "dora" else 200] > 40 * TURNS, answers


def hidden(name: str, answer: Any) -> bool:
    """Whether an answer is what a rival gets, where an address names a programme or a partner.

    What is wrong with the question itself is said before anything is looked for, to everybody alike.
    """
    known = {400, 404, 405, *([422] if name.startswith("api:") else [])}
    named = re.search(r"programme[>}]|relation[>}]", all_routes()[name])
    return named is None or answer.status_code in known
