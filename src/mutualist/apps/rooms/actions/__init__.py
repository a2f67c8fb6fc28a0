"""Every write of rooms: load, authorise, change, record, mail. One function is one use case."""

from __future__ import annotations

from mutualist.apps.rooms.actions.answers import save_answer, save_page
from mutualist.apps.rooms.actions.bonds import (
    agree_binding,
    set_outcome_consent,
    share_result,
    withdraw_binding,
)
from mutualist.apps.rooms.actions.bulk import create_rooms_from_workbook
from mutualist.apps.rooms.actions.create import create_room, move_deadline, update_frame
from mutualist.apps.rooms.actions.files import import_room_file
from mutualist.apps.rooms.actions.heads import send_heads
from mutualist.apps.rooms.actions.invitations import (
    accept_link,
    add_colleague,
    invite_answerer,
    remind,
    resend_link,
    revoke_link,
)
from mutualist.apps.rooms.actions.openings import open_due, press_open
from mutualist.apps.rooms.actions.rounds import (
    close_room,
    delete_room,
    part_on_good_terms,
    start_round,
)
from mutualist.apps.rooms.actions.seals import seal_sheet, take_back
from mutualist.apps.rooms.actions.seats import (
    add_seat,
    claim_seat,
    hand_over,
    remove_answerer,
    remove_seat,
    rename_seat,
)
from mutualist.apps.rooms.actions.unchanged import unchanged, unchanged_sheet

__all__ = [
    "accept_link",
    "add_colleague",
    "add_seat",
    "agree_binding",
    "claim_seat",
    "close_room",
    "create_room",
    "create_rooms_from_workbook",
    "delete_room",
    "hand_over",
    "import_room_file",
    "invite_answerer",
    "move_deadline",
    "open_due",
    "part_on_good_terms",
    "press_open",
    "remind",
    "remove_answerer",
    "remove_seat",
    "rename_seat",
    "resend_link",
    "revoke_link",
    "save_answer",
    "save_page",
    "seal_sheet",
    "send_heads",
    "set_outcome_consent",
    "share_result",
    "start_round",
    "take_back",
    "unchanged",
    "unchanged_sheet",
    "update_frame",
    "withdraw_binding",
]
