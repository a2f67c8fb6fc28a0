"""Forms of the answer sheet: pure ways from a room file's values to pages and back.

No model and no request is known here. A form is made from the rule file, so a
new item or a new answer needs no code as long as its type is known.
"""

from __future__ import annotations

from mutualist.apps.rooms.forms.item import HEADER, ItemForm, ItemView, item_identity
from mutualist.apps.rooms.forms.scene import Scene
from mutualist.apps.rooms.forms.typed import ABSENT, DONT_KNOW, Reading, Typed

__all__ = [
    "ABSENT",
    "DONT_KNOW",
    "HEADER",
    "ItemForm",
    "ItemView",
    "Reading",
    "Scene",
    "Typed",
    "item_identity",
]
