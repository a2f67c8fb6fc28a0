"""Every column of every table is classified; what is declared can be found, shown and erased."""

from __future__ import annotations

import pytest
from django.apps import apps

from mutualist.apps.privacy import holdings as module
from mutualist.apps.privacy.finding import KEYS
from mutualist.apps.privacy.holdings import HoldingError, declared, holdings, unclassified
from mutualist.apps.privacy.processing import activities, processing_record
from mutualist.apps.privacy.retention import is_here, policy


def test_every_column_of_every_table_is_classified() -> None:
    assert unclassified() == [], (
        "say in the app's personal.yaml what this column holds about people"
    )


def test_a_new_column_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take one column out of the declaration, as if it had just been added to the model."""
    whole = declared()
    user = whole["identity.user"]
    less = module.Holding(
        **{name: getattr(user, name) for name in user.__dataclass_fields__ if name != "shown"},
        shown=tuple(column for column in user.shown if column != "name"),
    )
    monkeypatch.setattr(module, "declared", lambda: {**whole, "identity.user": less})
    assert "identity.user.name" in unclassified()
    fewer = {label: holding for label, holding in whole.items() if label != "rooms.draft"}
    monkeypatch.setattr(module, "declared", lambda: fewer)
    assert "rooms.draft" in unclassified()


def test_declarations_can_be_used() -> None:
    for holding in declared().values():
        assert set(holding.words) == {"de", "en"}, holding.label
        assert holding.keep in policy().classes, holding.label
        assert set(holding.by) <= KEYS, holding.label
        assert set(holding.null) <= holding.columns, holding.label
        if is_here(holding.label):
            names = {field.name for field in holding.model._meta.get_fields()}
            assert {
                path.split("__")[0] for paths in holding.by.values() for path in paths
            } <= names | {"id"}


def test_a_reference_to_a_person_is_no_plain_column() -> None:
    """A foreign key to an account or to somebody on a seat is data about a person."""
    people = {apps.get_model("identity.User"), apps.get_model("rooms.Answerer")}
    for model in apps.get_models():
        holding = declared()[model._meta.label_lower]
        for field in model._meta.local_fields:
            if field.related_model in people:
                assert field.name not in holding.plain, f"{holding.label}.{field.name}"
                assert holding.is_personal, holding.label
                found_by = {path for paths in holding.by.values() for path in paths}
                assert field.name in found_by, f"{holding.label}.{field.name} is not looked at"


def test_columns_that_hold_addresses_or_names_are_no_plain_ones() -> None:
    telling = {"email", "user_agent", "ip", "ip_address", "to"}
    for holding in declared().values():
        assert not telling & set(holding.plain), holding.label
    assert len(holdings()) > 15


@pytest.mark.parametrize(
    "said",
    [
        {"erase": "delete"},
        {"erase": "perhaps", "by": {"user": "user"}},
        {"erase": "null", "by": {"user": "user"}},
        {"erase": "stays", "by": {"user": "user"}},
        {"colour": "red"},
    ],
)
def test_a_declaration_that_cannot_be_meant_is_refused(said: dict[str, object]) -> None:
    with pytest.raises(HoldingError):
        module._holding("place", "x.y", {"words": {"de": "", "en": ""}, "keep": "rooms", **said})


def test_every_personal_table_stands_in_the_record_of_processing() -> None:
    listed = [label for activity in activities() for label in activity.tables]
    assert len(listed) == len(set(listed))
    personal = {label for label, holding in declared().items() if holding.is_personal}
    assert set(listed) == personal
    for language in ("de", "en"):
        text = processing_record(language)
        for holding in holdings():
            assert f"`{holding.label}`" in text
