"""YAML the way room files are meant."""

from __future__ import annotations

import pytest

from mutualist.library.errors import FileError
from mutualist.library.yamlfile import dump, load


def test_keys_and_words_stay_text():
    assert load("2.2: 5\nP1: yes\nP2: no\nopens: on\nby: 2028-12-31") == {
        "2.2": 5,
        "P1": "yes",
        "P2": "no",
        "opens": "on",
        "by": "2028-12-31",
    }


def test_truth_values_are_true_and_false_only():
    assert load("a: true\nb: False") == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("a: 1\nb: 2\na: 3", "Line 3: the key 'a' stands twice."),
        ("a: &x 1\nb: *x", "Line 2: aliases (*x)"),
        ("a: [1, 2", " is not valid YAML: "),
        ("a: !!python/object:os.system x", "Line 1, column 4"),
        ("? [1, 2]\n: 3", "Line 1: a key must be plain text."),
        ("a: \x00", "This is not valid YAML"),
        ("[" * 3000, "not valid YAML|nested too deeply"),
    ],
)
def test_what_is_refused(content, said):
    with pytest.raises(FileError) as caught:
        load(content, file="room.yaml")
    message = str(caught.value)
    assert message.startswith("room.yaml: ")
    assert any(part in message for part in said.split("|"))


def test_what_is_written_can_be_read():
    document = {
        "2.3": "no",
        "6.4": {"P1": "yes"},
        "by": "2028-12",
        "n": [1, 2.5, None, True],
        "1.1": "Bis = 5",
    }
    assert load(dump(document)) == document
