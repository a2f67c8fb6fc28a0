"""Every write of registered projects: load, authorise, change, record, in one transaction."""

from mutualist.apps.projects.actions.clock import ask_how_it_stands, expire_due, tell_vendors
from mutualist.apps.projects.actions.deciding import approve, ask, extend, reject, release, take_up
from mutualist.apps.projects.actions.following import (
    appeal,
    ask_extension,
    lose,
    win,
    withdraw,
)
from mutualist.apps.projects.actions.protecting import delete_projects_of, save_protection
from mutualist.apps.projects.actions.registering import (
    change,
    delete_draft,
    register,
    registered,
    submit,
)
from mutualist.apps.projects.content import Content

__all__ = [
    "Content",
    "appeal",
    "approve",
    "ask",
    "ask_extension",
    "ask_how_it_stands",
    "change",
    "delete_draft",
    "delete_projects_of",
    "expire_due",
    "extend",
    "lose",
    "register",
    "registered",
    "reject",
    "release",
    "save_protection",
    "submit",
    "take_up",
    "tell_vendors",
    "win",
    "withdraw",
]
