"""Answer the pages of a sheet as somebody would: box by box, by what stands in a room file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from journeys.person import Person
from mutualist.apps.rooms.forms import ItemForm, Scene
from mutualist.domain.assess import builtin_ruleset

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "rooms"
BOXES = """item => [...document.querySelectorAll(`[name^="${item}."]`)].map((box, index) => ({
  index, name: box.name, kind: box.type, value: box.value,
  on: box.type === "checkbox" || box.type === "radio" ? box.checked : box.value !== "",
  folded: !!box.closest("details:not([open])"),
}))"""


def golden(round_: int) -> dict[str, Any]:
    """Read a round of the worked example."""
    text = (VECTORS / f"round{round_}.yaml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(text))


class Filler:
    """Fills the pages of one party's sheet.

    Parameters
    ----------
    room
        A room file; what the party answers there is what gets typed.
    """

    def __init__(self, person: Person, room: Mapping[str, Any], party: str) -> None:
        self.person = person
        self.page = person.page
        self.rules = builtin_ruleset(room["ruleset"]).source
        self.answers = room["answers"][party]
        self.scene = Scene(party, room["parties"], self.rules, room["frame"], person.language)

    def items_of(self, question: int) -> list[str]:
        if question == 0:
            return ["header"]
        return [number for number in self.rules["items"] if number.startswith(f"{question}.")]

    def fill(self, question: int) -> None:
        """Fill the page that is open."""
        for item in self.items_of(question):
            self.fill_item(item)

    def fill_item(self, item: str) -> None:
        """Bring the boxes of one item to what is wanted; touch only what differs."""
        form = ItemForm(item, self.scene)
        wanted = form.typed(self.answers.get(item)).as_post(item)
        boxes = self.page.evaluate(BOXES, item)
        missing = set(wanted) - {box["name"] for box in boxes}
        assert not missing, f"{item} has no box for {missing}"
        for box in boxes:
            if box["on"] and not self._is_wanted(box, wanted):
                self._clear(item, box)
        for box in self.page.evaluate(BOXES, item):
            if self._is_wanted(box, wanted) and not self._holds(box, wanted):
                self._set(item, box, wanted[box["name"]])
        self.page.locator(f"[data-item='{item}']").evaluate("() => document.activeElement?.blur()")

    def _is_wanted(self, box: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> bool:
        values = [value for value in wanted.get(box["name"], ()) if value]
        return box["value"] in values if box["kind"] in {"radio", "checkbox"} else bool(values)

    @staticmethod
    def _holds(box: Mapping[str, Any], wanted: Mapping[str, Sequence[str]]) -> bool:
        if box["kind"] in {"radio", "checkbox"}:
            return bool(box["on"])
        return bool(box["value"] == wanted[box["name"]][-1])

    def _at(self, item: str, box: Mapping[str, Any]) -> Any:
        place = self.page.locator(f'[name^="{item}."]').nth(box["index"])
        if box["folded"]:
            folded = place.locator("xpath=ancestor::details[not(@open)]")
            if folded.count():
                folded.locator("summary").click()
        return place

    def _set(self, item: str, box: Mapping[str, Any], values: Sequence[str]) -> None:
        place = self._at(item, box)
        if box["kind"] in {"radio", "checkbox"}:
            place.locator("xpath=ancestor::label[1]").click()
        elif box["kind"] == "select-one":
            place.select_option(values[-1])
        else:
            place.fill(values[-1])

    def _clear(self, item: str, box: Mapping[str, Any]) -> None:
        place = self._at(item, box)
        if box["kind"] == "checkbox":
            place.locator("xpath=ancestor::label[1]").click()
        elif box["kind"] == "select-one":
            place.select_option("")
        elif box["kind"] != "radio":  # another radio button of the group takes its place
            place.fill("")
