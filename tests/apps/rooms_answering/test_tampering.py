"""What no page sends, but a program may."""

from __future__ import annotations

import pytest

PAGE = "/rooms/{}/answer/1/"
ITEM = "/rooms/{}/item/{}/"


@pytest.mark.parametrize("go", ["9" * 5000, "²", "١", "-1", "7", "seal?x", ""])
def test_a_button_nobody_made_leads_on(room, browser_of, go):
    answer = browser_of("Anna").post(PAGE.format(room.uid), {"go": go})
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"/rooms/{room.uid}/answer/")


@pytest.mark.parametrize(
    ("item", "box"), [("header", "header.limit"), ("1.2", "1.2.learn"), ("1.4", "1.4.value"),
                      ("1.3", "1.3.by"), ("2.2", "2.2.years"), ("4.6", "4.6.public")]
)  # fmt: skip
@pytest.mark.parametrize("text", ["7" * 90_000, "x" * 90_000])
def test_a_message_quotes_only_the_beginning(room, browser_of, item, box, text):
    """A page full of text in a header of the answer is more than a proxy takes."""
    browser = browser_of("Anna")
    form = {f"version-{item}": "0:none", box: text}
    answer = browser.post(ITEM.format(room.uid, item), form, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert 0 < len(answer.headers["HX-Trigger"]) < 1000
