"""Every write of enquiries: load, authorise, change, record, in one transaction."""

from mutualist.apps.enquiries.actions.answering import accept, decline, give_back, lose, win
from mutualist.apps.enquiries.actions.batch import hand_out_all
from mutualist.apps.enquiries.actions.clock import expire_due, lapse_due
from mutualist.apps.enquiries.actions.deciding import (
    close,
    hand_to,
    reopen,
    route_again,
    save_intake,
)
from mutualist.apps.enquiries.actions.receiving import Wish, enter, enter_all, receive

__all__ = [
    "Wish",
    "accept",
    "close",
    "decline",
    "enter",
    "enter_all",
    "expire_due",
    "give_back",
    "hand_out_all",
    "hand_to",
    "lapse_due",
    "lose",
    "receive",
    "reopen",
    "route_again",
    "save_intake",
    "win",
]
