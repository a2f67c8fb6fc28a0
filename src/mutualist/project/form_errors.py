"""What is wrong with the form of a request to the JSON API, in the language of whoever sent it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

_WHOLE = _lazy("A whole number belongs here, such as 3.")
_NUMBER = _lazy("A number belongs here, such as 3 or 0.5.")
_DAY = _lazy("A day belongs here, written like 2026-01-31.")
_MOMENT = _lazy("A day with its time belongs here, written like 2026-01-31T14:30:00+01:00.")
_FLAG = _lazy("true or false belongs here.")
_MAPPING = _lazy("An object with keys belongs here, in braces.")
_ID = _lazy("An id belongs here, as another answer gave it.")
#: By the types of the library that checks the form; a type that is not here is said in the library's words.
_SAID: Mapping[str, Any] = {
    "missing": _lazy("This is missing. Please add it."),
    "extra_forbidden": _lazy("This is not known here. Please leave it out."),
    "string_type": _lazy("A text belongs here, in quotation marks."),
    "string_unicode": _lazy("A text of whole characters belongs here."),
    "string_too_short": _lazy("Too short: the least is {min_length} characters."),
    "string_too_long": _lazy("Too long: the most are {max_length} characters."),
    "string_pattern_mismatch": _lazy("This does not fit the pattern {pattern}."),
    "list_type": _lazy("A list belongs here, in brackets."),
    "too_short": _lazy("Too few: the least are {min_length}, here are {actual_length}."),
    "too_long": _lazy("Too many: the most are {max_length}."),
    "greater_than": _lazy("This has to be more than {gt}."),
    "greater_than_equal": _lazy("The least is {ge}."),
    "less_than": _lazy("This has to be less than {lt}."),
    "less_than_equal": _lazy("The most is {le}."),
    "literal_error": _lazy("Possible are: {expected}."),
    "enum": _lazy("Possible are: {expected}."),
    "finite_number": _NUMBER,
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), _WHOLE),
    **dict.fromkeys(("float_type", "float_parsing", "decimal_type", "decimal_parsing"), _NUMBER),
    **dict.fromkeys(("bool_type", "bool_parsing"), _FLAG),
    **dict.fromkeys(("date_type", "date_parsing", "date_from_datetime_parsing"), _DAY),
    **dict.fromkeys(("date_from_datetime_inexact",), _DAY),
    **dict.fromkeys(("datetime_type", "datetime_parsing", "timezone_aware"), _MOMENT),
    **dict.fromkeys(("datetime_from_date_parsing", "datetime_object_invalid"), _MOMENT),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type", "mapping_type"), _MAPPING),
    **dict.fromkeys(("uuid_type", "uuid_parsing", "uuid_version"), _ID),
}


def said(error: Mapping[str, Any]) -> str:
    """Return what is wrong at one place, from an entry of the library that checked."""
    text = _SAID.get(str(error["type"]))
    if text is None:
        return _("This does not have the described form ({why}).").format(why=error["msg"])
    return str(text).format(**error.get("ctx", {}))
