"""What writing and reading a workbook agree on: names of sheets, columns and hidden marks."""

from __future__ import annotations

from typing import Final

SCHEMA: Final = "room-workbook/1"
# The hidden sheet that says what the file is; without it a workbook was not made from the template.
META_SHEET: Final = "_mutualist"
LISTS_SHEET: Final = "_lists"
# Row 1 of every sheet with answers is hidden and holds these marks, then one party id per column.
KEY_ROW: Final = 1
HEADER_ROW: Final = 2
KEY_COLUMN: Final = 1
MARKS: Final = ("key", "number", "question", "kind", "allowed")
FIRST_ANSWER: Final = len(MARKS) + 1
FRAME_ANSWER: Final = "value"
MAX_ROWS: Final = 2_000
MAX_COLUMNS: Final = 60
