from __future__ import annotations

import copy
import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from mutualist.domain.assess import Room, assess
from mutualist.library.datasets import load_pumpenpuls
from mutualist.reports import Material, Round

DAY = date(2026, 11, 28)


def material_of(data: dict[str, Any], lang: str = "de", **more: Any) -> Material:
    """Return the material of a room file, as if it had been opened on 28 November 2026."""
    room = Room.from_dict(data)
    values: dict[str, Any] = {
        "name": data["frame"].get("name", "Room"),
        "frame": data["frame"],
        "verdict": assess(room),
        "room": room,
        "visible": data["answers"],
        "parties": data["parties"],
        "round": 1,
        "opened_on": DAY,
        "lang": lang,
        "fingerprints": dict.fromkeys(data["parties"], "7f3a 91c2"),
    }
    return Material(**values | more)


def pumpenpuls(round_: int = 1) -> dict[str, Any]:
    return copy.deepcopy(load_pumpenpuls(round=round_).to_dict())


def second_round(lang: str) -> Material:
    first = material_of(pumpenpuls(1), lang)
    earlier = (Round(1, first.verdict, first.visible),)
    return material_of(pumpenpuls(2), lang, round=2, earlier=earlier)


def crowd(count: int, name: str, text: str) -> dict[str, Any]:
    """Return a room of many parties with long names, every answer of PumpenPuls and long texts."""
    data = pumpenpuls()
    ids = "ABCDEFGH"[:count]
    shares = dict.fromkeys(ids, 100 // count)
    shares["A"] += 100 - sum(shares.values())
    sheets = {}
    for at, party in enumerate(ids):
        sheet = copy.deepcopy(data["answers"]["AB"[at % 2]])
        sheet["5.2"] = shares
        payer = "customer" if party == "A" else "A"
        sheet["5.1"] = [{**row, "payer": payer} for row in sheet["5.1"]]
        sheet["1.1"] = (text * 40)[:200]
        sheet["6.1"] = [{**row, "what": (text * 40)[:400], "who": text} for row in sheet["6.1"]]
        sheets[party] = sheet
    return data | {"parties": {p: f"{name} {p}" for p in ids}, "answers": sheets}


def pages(pdf: bytes) -> list[str]:
    """Return the text of each page with single blanks."""
    reader = PdfReader(io.BytesIO(pdf))
    return [" ".join(page.extract_text().split()) for page in reader.pages]


@pytest.fixture(params=["de", "en"])
def lang(request) -> str:
    return request.param
