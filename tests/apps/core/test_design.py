from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django import template
from django.test import Client
from django.utils import translation
from django.utils.safestring import mark_safe

import mutualist
from mutualist.apps.core.templatetags import design
from mutualist.apps.rooms.values import RoomCard

PACKAGE = Path(mutualist.__file__).parent
CORE = PACKAGE / "apps" / "core"
TEMPLATES = sorted(PACKAGE.glob("apps/*/templates/**/*.html"))
# A mail has no style sheet; mail programs read nothing but inline style.
PAGES = [path for path in TEMPLATES if "mail" not in path.parts]
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);")


def tokens() -> dict[str, tuple[str, str]]:
    text = (CORE / "static/core/css/tokens.css").read_text(encoding="utf-8")
    return {name: (light, dark) for name, light, dark in TOKEN.findall(text)}


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("page", "surface", "sunken", "accent-soft")
TEXTS = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "accent") for ground in GROUNDS],
    *[("ink", f"{kind}-soft") for kind in ("caution", "bad")],
    *[
        (kind, ground)
        for kind in ("caution", "bad")
        for ground in (f"{kind}-soft", "page", "surface")
    ],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]
SIGNS = [(sign, ground) for sign in ("line-strong", "focus") for ground in ("page", "surface")]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXTS)
def test_text_can_be_read_in_both_schemes(ink: str, ground: str, scheme: int) -> None:
    found = tokens()
    assert contrast(found[ink][scheme], found[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("sign", "ground"), SIGNS)
def test_edges_of_inputs_can_be_seen_in_both_schemes(sign: str, ground: str, scheme: int) -> None:
    found = tokens()
    assert contrast(found[sign][scheme], found[ground][scheme]) >= 3


def test_pages_need_no_hole_in_the_content_security_policy() -> None:
    inline = re.compile(
        r"\sstyle=|\son\w+=\"|<style|<script(?![^>]*\bsrc=)(?![^>]*application/json)"
    )
    found = [
        f"{path.relative_to(PACKAGE)}: {hit[0]}"
        for path in PAGES
        for hit in inline.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not found


def test_style_sheets_and_scripts_come_from_this_server() -> None:
    files = [*CORE.glob("static/core/css/*.css"), *CORE.glob("static/core/js/*.js"), *PAGES]
    far = re.compile(r"(?:src|href|url|import|from)\s*[=(]?\s*[\"'(]\s*(?:https?:)?//")
    found = [path.name for path in files if far.search(path.read_text(encoding="utf-8"))]
    assert not found


def test_the_style_guide_shows_every_component() -> None:
    pages = [
        *CORE.glob("templates/core/styleguide/*.html"),
        CORE / "templates/core/styleguide.html",
    ]
    text = "".join(path.read_text(encoding="utf-8") for path in pages)
    # Two only give values; `breadcrumbs` draws what `crumbs` draws.
    shown = set(re.findall(r"{%\s*(\w+)", text))
    assert set(design.register.tags) - {"theme", "breadcrumbs", "question_titles"} <= shown


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    "page", ["/", "/styleguide/", "/accounts/login/", "/accounts/signup/", "/nowhere/"]
)
def test_pages_of_the_frame_are_drawn_in_both_languages(
    client: Client, settings: Any, page: str, language: str
) -> None:
    settings.MUTUALIST_DEMO = True
    client.cookies["django_language"] = language
    text = client.get(page).content.decode()
    assert f'<html lang="{language}"' in text
    assert ("Zum Inhalt springen" in text) is (language == "de")


@pytest.mark.django_db
def test_ids_of_the_style_guide_are_unique(client: Client, settings: Any) -> None:
    settings.MUTUALIST_DEMO = True
    found = re.findall(r'\sid="([^"]+)"', client.get("/styleguide/").content.decode())
    assert sorted(set(found)) == sorted(found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("cookie", "attribute"), [("dark", 'data-theme="dark"'), ('x"><b', ""), ("", "")]
)
def test_the_chosen_scheme_is_there_from_the_first_byte(
    client: Client, cookie: str, attribute: str
) -> None:
    client.cookies["theme"] = cookie
    opening = re.search(r"<html[^>]*>", client.get("/").content.decode())
    assert opening is not None
    assert (attribute in opening[0]) if attribute else ("data-theme" not in opening[0])


def draw(source: str, **values: object) -> str:
    return (
        template.Engine.get_default()
        .from_string("{% load design %}" + source)
        .render(template.Context(values))
    )


def test_numbers_in_inputs_keep_the_point_in_german() -> None:
    with translation.override("de"):
        assert 'value="0.5"' in draw('{% number "worth" 0.5 "Wert" %}')


def test_zero_is_a_choice_of_its_own() -> None:
    assert draw('{% scale "x" 0 "Level" %}').count("checked") == 1
    assert "checked" not in draw('{% scale "x" None "Level" %}')


def test_an_error_is_tied_to_its_input() -> None:
    drawn = draw('{% number "worth" 1 "Worth" error="Too little." %}')
    assert 'aria-describedby=" worth-error"' in drawn or 'aria-describedby="worth-error"' in drawn
    assert 'id="worth-error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_what_people_write_stays_text() -> None:
    name = "<script>alert(1)</script>"
    for source in (
        "{% card title=name %}{{ name }}{% endcard %}",
        "{% pill name %}",
        "{% seal who=name %}",
        "{% button name confirm=name %}",
    ):
        assert "<script>" not in draw(source, name=name)


def test_what_was_drawn_once_is_not_drawn_for_something_else() -> None:
    name = "<b>sealed</b>"
    safe = draw("{% pill name %}", name=mark_safe(name))
    assert name in safe
    assert name not in draw("{% pill name %}", name=name)
    assert draw("{% segments states %}", states=(1, 0, 0, 0, 0, 0)) != draw(
        "{% segments states %}", states=(1, 1, 0, 0, 0, 0)
    )
    with translation.override("de"):
        german = draw("{% segments states %}", states=(1, 0, 0, 0, 0, 0))
    assert german != draw("{% segments states %}", states=(1, 0, 0, 0, 0, 0))


def test_a_card_is_drawn_anew_when_its_room_changes() -> None:
    room = RoomCard(
        uid=UUID(int=7), name="<i>Pumps</i>", mode="two_sided", state="answering", outcome="",
        round=1, deadline=None, seats=("A & B", "C"), sealed=0, total=2, my_seat=None,
        i_sealed=False, is_host=True, kind=None, due=False, segments={"A": (1.0,) * 6},
    )  # fmt: skip
    drawn = draw("{% room_card room %}", room=room)
    assert "<i>" not in drawn
    assert "A &amp; B" in drawn
    further = replace(room, segments={"A": (0.5,) * 6})
    assert draw("{% room_card room %}", room=further) != drawn
    assert draw("{% room_card room %}", room=replace(room, sealed=1)) != drawn
    assert draw("{% room_card room %}", room=replace(room)) == drawn


def test_an_unknown_option_is_an_error() -> None:
    with pytest.raises(template.TemplateSyntaxError, match="colour"):
        draw('{% card colour="red" %}{% endcard %}')


def test_points_say_what_is_left() -> None:
    rows = [{"name": "a", "label": "A", "value": 60}, {"name": "b", "label": "B", "value": 45}]
    assert 'data-state="over"' in draw("{% points rows %}", rows=rows)
    rows[1]["value"] = 40
    assert 'data-state="exact"' in draw("{% points rows %}", rows=rows)


def test_english_dates_cannot_be_mistaken_for_american_ones() -> None:
    with translation.override("en"):
        assert draw('{{ day|date:"SHORT_DATE_FORMAT" }}', day=dt.date(2026, 11, 8)) == "8 Nov 2026"
    with translation.override("de"):
        assert draw('{{ day|date:"SHORT_DATE_FORMAT" }}', day=dt.date(2026, 11, 8)) == "08.11.2026"


@dataclass
class Wish:
    text: str
    detail: str = ""
    severity: int = 3


def test_columns_take_words_mappings_and_objects() -> None:
    drawn = draw("{% interests a b c %}", a=["Words"], b=[{"text": "Mapping"}], c=[Wish("Object")])
    assert all(f"<span>{text}</span>" in drawn for text in ("Words", "Mapping", "Object"))
    assert "Wish(" not in drawn
