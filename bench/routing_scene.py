"""A published, generated set for routing: 300 partners, 2,000 enquiries, and a lottery to compare with.

Partners and customers live in places of the postal code table, more of them where there are more codes. There are ten
abilities; each partner has each with a chance of 30 %, and each enquiry asks for one of them.

The lottery is a rule of a kind in wide use, written anew from its description: take the partners in a box of two degrees of
latitude and one and a half of longitude around the customer, else of twice and four times that, else of the country; draw one
by chance, weighted by the level. It asks for no ability and no free capacity.
"""

from __future__ import annotations

import csv
import gzip
import random
from importlib.resources import files

from mutualist.domain.programme.routing import Candidate, Enquiry, Partner, Place
from mutualist.domain.programme.routing.field import kilometres, on_sphere

ABILITIES = [f"ability-{letter}" for letter in "abcdefghij"]
BOXES = ((2.0, 1.5), (4.0, 3.0), (8.0, 8.0))


def places() -> list[tuple[str, str, Place]]:
    packed = files("mutualist.library.datasets").joinpath("postal_codes.csv.gz").read_bytes()
    rows = csv.DictReader(gzip.decompress(packed).decode("utf-8").splitlines())
    return [
        (row["country"], row["code"], Place(float(row["lat"]), float(row["lon"]))) for row in rows
    ]


def scene(
    partners: int = 300, enquiries: int = 2000, seed: int = 1, skilled: float = 0.3
) -> tuple[list[Partner], list[Enquiry]]:
    draw = random.Random(seed)
    known = [place for place in places() if place[0] == "DE"]
    firms = []
    for number in range(partners):
        _country, _code, place = draw.choice(known)
        firms.append(
            Partner(
                f"P{number:06d}",
                f"Partner {number}",
                place,
                abilities=frozenset(one for one in ABILITIES if draw.random() < skilled),
                languages=frozenset({"de"} | ({"en"} if draw.random() < 0.6 else set())),
                level=draw.choices((0, 1, 2, 3), (4, 3, 2, 1))[0],
            )
        )
    asked = []
    for number in range(enquiries):
        country, _code, place = draw.choice(known)
        ability = frozenset({draw.choice(ABILITIES)})
        asked.append(Enquiry(f"E{number:06d}", place, country, ability))
    return firms, asked


def lottery(firms: list[Partner], asked: list[Enquiry], seed: int = 1) -> list[Candidate]:
    draw = random.Random(seed)
    found = []
    for enquiry in asked:
        pool = firms
        for lat, lon in BOXES:
            near = [
                one
                for one in firms
                if abs(one.place.lat - enquiry.place.lat) < lat
                and abs(one.place.lon - enquiry.place.lon) < lon
            ]
            if near:
                pool = near
                break
        drawn = draw.choices(pool, [1 + one.level for one in pool])[0]
        found.append(Candidate(drawn.id, drawn.name, 0.0, {}, distance(drawn, enquiry)))
    return found


def distance(partner: Partner, enquiry: Enquiry) -> float:
    here = on_sphere([enquiry.place])[0]
    return float(kilometres(on_sphere([partner.place]), here)[0])
