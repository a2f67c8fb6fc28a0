"""The encoded alliances: every answer says what it rests on, and every room can be computed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mutualist.domain.assess import Room, Verdict, assess, builtin_ruleset
from mutualist.library.cases import compare, read_cases
from mutualist.library.files import read_data

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "alliances"
FILES = sorted(FOLDER.glob("*.yaml"))
KINDS = {
    "true_partnership",
    "possible",
    "in_the_making",
    "supplier",
    "distributor",
    "logo",
    "still_open",
}
EXTRA_KEYS = {"id", "label", "label_contested", "announced", "note", "provenance"}

Document = dict[str, Any]


def load(path: Path) -> Document:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def sources() -> dict[str, Document]:
    return {entry["id"]: entry for entry in load(FOLDER / "sources" / "SOURCES.yaml")["alliances"]}


def answered(sheet: Document) -> set[str]:
    return {item for item, answer in sheet.items() if answer != "dont_know"}


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_the_folder_covers_the_labels() -> None:
    rooms = [load(path) for path in FILES]
    labels = Counter(room["label"] for room in rooms)
    for label in ("true_partnership", "supplier", "distributor", "logo_only"):
        assert labels[label] >= 2, label
    assert {"complementors", "unverified"} <= set(labels)
    assert len(rooms) >= 12
    assert sum(room["label_contested"] for room in rooms) >= 2


def test_sources_list_exactly_the_rooms() -> None:
    assert set(sources()) == {path.stem for path in FILES}


def test_label_and_month_agree(path: Path) -> None:
    room = load(path)
    listed = sources()[path.stem]
    assert set(room) >= EXTRA_KEYS
    assert room["id"] == path.stem
    assert room["label"] == listed["label"]
    assert room["label_contested"] is listed["label_contested"]
    assert room["frame"]["as_of"] == room["announced"]
    assert room["frame"].get("public_since", room["announced"]) <= room["announced"]


def test_every_answer_says_what_it_rests_on(path: Path) -> None:
    room = load(path)
    listed = sources()[path.stem]["sources"]
    assert set(room["answers"]) == set(room["parties"]) == set(room["provenance"])
    for party, sheet in room["answers"].items():
        grounds = room["provenance"][party]
        assert set(grounds) == answered(sheet), party
        for item, ground in grounds.items():
            where = f"{path.stem} {party} {item}"
            assert ground["basis"] in {"documented", "judgement"}, where
            assert ground["note"].strip(), where
            if ground["basis"] == "documented":
                assert ground["source"] in listed, where
            else:
                assert "source" not in ground, where


def test_all_items_are_listed_so_silence_is_visible(path: Path) -> None:
    items = {f"{question}.{item}" for question in range(1, 7) for item in range(1, 7)}
    for party, sheet in load(path)["answers"].items():
        assert set(sheet) == items, party


def test_the_room_can_be_computed(path: Path) -> None:
    assert judge(path.stem).kind in KINDS


# --- what the docs say about the rooms ---------------------------------------------------------

WORDS = {
    "en": {"yes": "yes", "near": "near", "no": "no", "n/a": "–", "of": "of"},
    "de": {"yes": "ja", "near": "beinahe", "no": "nein", "n/a": "–", "of": "von"},
}


def page(lang: str) -> str:
    return (FOLDER.parents[1] / "docs" / lang / "alliances.md").read_text(encoding="utf-8")


def rows(lang: str) -> list[list[str]]:
    lines = [line for line in page(lang).splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def documented(room: Document) -> tuple[int, int]:
    bases = [entry["basis"] for sheet in room["provenance"].values() for entry in sheet.values()]
    return bases.count("documented"), len(bases)


def judge(name: str, change: Callable[[Document], None] = lambda _: None) -> Verdict:
    data = read_data(FOLDER / f"{name}.yaml")
    change(data)
    return assess(Room.from_dict(data))


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_table_of_the_docs_is_what_the_rules_compute(lang: str) -> None:
    expected = []
    for comparison in map(compare, read_cases(FOLDER)):
        case, verdict = comparison.case, assess(comparison.case.room)
        proven, total = documented(load(Path(case.file)))
        expected.append(
            [
                case.name,
                str(case.notes["announced"]),
                builtin_ruleset().kinds[verdict.kind].words[lang],
                f"{comparison.distance:g}",
                WORDS[lang][comparison.agreement],
                " · ".join(str(verdict.scores[score]) for score in "PSDL"),
                str(verdict.load),
                f"{proven} {WORDS[lang]['of']} {total}",
            ]
        )
    shown = rows(lang)
    assert [[*row[:2], *row[3:]] for row in shown] == expected
    contested = {case.name for case in read_cases(FOLDER) if case.contested}
    assert {row[0] for row in shown if row[2].endswith("*")} == contested


@pytest.mark.parametrize("lang", ["en", "de"])
def test_the_counts_of_the_docs(lang: str) -> None:
    proven, total = map(sum, zip(*(documented(load(path)) for path in FILES), strict=True))
    items = sum(36 * len(load(path)["parties"]) for path in FILES)
    text = page(lang)
    for number in (proven, total, total - proven):
        assert f" {number} " in text
    assert f"{items:,}".replace(",", "." if lang == "de" else ",") in text


def read_later(month: str) -> Callable[[Document], None]:
    def change(data: Document) -> None:
        data["frame"]["as_of"] = month

    return change


def answer_all(item: str, value: object, party: str | None = None) -> Callable[[Document], None]:
    def change(data: Document) -> None:
        for key, sheet in data["answers"].items():
            if party in {None, key}:
                sheet[item] = value

    return change


def sign_p3(data: Document) -> None:
    for sheet in data["answers"].values():
        sheet["6.4"]["P3"] = "if"


@pytest.mark.parametrize(
    ("name", "change", "kind"),
    [
        ("iota-microsoft", read_later("2018-04"), "still_open"),
        ("iota-microsoft", read_later("2018-05"), "logo"),
        ("works-with-nest", read_later("2014-12"), "logo"),
        ("pfizer-biontech", answer_all("5.2", {"pfizer": 75, "biontech": 25}), "true_partnership"),
        (
            "vw-ford-meb",
            answer_all(
                "5.1",
                [
                    {"source": "own_sales", "percent": 50, "payer": "customer"},
                    {"source": "fixed_price", "percent": 50, "payer": "ford"},
                ],
                party="volkswagen",
            ),
            "supplier",
        ),
        ("vw-ford-meb", sign_p3, "true_partnership"),
    ],
)
def test_what_the_docs_say_would_change_a_result(
    name: str, change: Callable[[Document], None], kind: str
) -> None:
    assert judge(name, change).kind == kind


def test_what_the_docs_say_about_open_items_and_roles() -> None:
    unverified = judge("bosch-sap-2016")
    assert (len(unverified.open_items), unverified.points_known) == (33, 15)
    assert judge("wintel").roles == {"seller": None, "maker": None}
    assert judge("dell-emc-resale").conflict_roles["C1"] == ("emc>dell",)


def test_how_many_results_hang_on_one_judgement() -> None:
    """Take back each judged answer alone; see the docs for the figures."""
    held = changed = 0
    for path in FILES:
        kind = judge(path.stem).kind
        unchanged = {kind, "possible"} if kind == "true_partnership" else {kind}
        for party, grounds in load(path)["provenance"].items():
            for item, ground in grounds.items():
                if ground["basis"] == "judgement":
                    after = judge(path.stem, answer_all(item, "dont_know", party)).kind
                    held += after in unchanged
                    changed += after not in unchanged
    assert (held, changed) == (709, 36)
