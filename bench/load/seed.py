"""Fill an empty data folder with firms, rooms in every state and API tokens, all through the actions.

    python bench/load/seed.py FOLDER [--firms 50] [--rooms 600]

Writes FOLDER/load.json: for each firm the token and session of its owner and the rooms it has a seat in.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ANSWERS = ("1.1", "1.2", "1.4", "1.6", "2.1", "2.2", "3.1", "3.2", "4.1", "5.1", "6.1")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--firms", type=int, default=50)
    parser.add_argument("--rooms", type=int, default=600)
    arguments = parser.parse_args()
    os.environ.setdefault("MUTUALIST_DATA", str(arguments.folder))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")
    # On PostgreSQL the tables belong to another role than the one that serves: the command knows.
    subprocess.run([sys.executable, "-m", "mutualist", "migrate"], check=True)
    import django

    django.setup()
    found = Seed(arguments.firms, arguments.rooms).write()
    file = arguments.folder / "load.json"
    file.write_text(json.dumps(found), encoding="utf-8")
    print(f"{len(found)} firms, {arguments.rooms} rooms: {file}")


class Seed:
    """Firms around a table: each shares rooms with its right-hand neighbours."""

    def __init__(self, firms: int, rooms: int) -> None:
        from mutualist.library.datasets import load_pumpenpuls

        self.firms, self.rooms = firms, rooms
        self.sheets = load_pumpenpuls().to_dict()["answers"]

    def write(self) -> list[dict[str, Any]]:
        from mutualist.apps.identity.queries import actor_of

        people = [self._firm(number) for number in range(self.firms)]
        for number in range(self.rooms):
            left = number % self.firms
            right = (left + 1 + number // self.firms % (self.firms - 1)) % self.firms
            # Roles as they are now: each person has founded a firm since.
            one, other = (actor_of(people[at]["user"]) for at in (left, right))
            room = self._room(number, one, other)
            for at, side in ((left, "A"), (right, "B")):
                people[at]["rooms"].append({**room, "seat": side})
        return [{key: one[key] for key in ("token", "session", "rooms")} for one in people]

    def _firm(self, number: int) -> dict[str, Any]:
        from mutualist.apps.identity import actions
        from mutualist.apps.identity.queries import actor_of

        user = actions.create_user(
            email=f"owner{number}@firm{number}.example", name=f"Owner {number}"
        )
        actions.create_organisation(f"Firm {number}", actor=actor_of(user))
        token = actions.create_api_token("load", actor=actor_of(user))
        return {"user": user, "token": token, "session": self._session(user), "rooms": []}

    @staticmethod
    def _session(user: Any) -> str:
        from django.test import Client

        client = Client()
        client.force_login(user)
        return client.cookies["sessionid"].value

    def _room(self, number: int, one: Any, other: Any) -> dict[str, Any]:
        """Make a room; of ten, six are being answered, one is sealed by one side, three are open."""
        from django.db import transaction

        from mutualist.apps.identity.queries import organisations_of
        from mutualist.apps.rooms import actions
        from mutualist.apps.rooms.values import PartySpec

        state = ("answering",) * 6 + ("sealed",) + ("opened",) * 3
        wanted = state[number % 10]
        host = organisations_of(one).get()
        with transaction.atomic():
            room = actions.create_room(
                actor=one,
                mode="two_sided",
                host=host,
                frame={"name": f"Venture {number}", "offer": "Load", "horizon": 5, "currency": "EUR",
                       "relation": "customer_supplier"},
                my_name=one.name,
                parties=[PartySpec(host.name), PartySpec(organisations_of(other).get().name)],
            )  # fmt: skip
            self._come_in(room, one, other)
            for actor, side in ((one, "A"), (other, "B")):
                self._answer(room, actor, self.sheets[side], whole=wanted != "answering")
            if wanted != "answering":
                actions.seal_sheet(actor=one, room=room, confirm_open_items=True)
            if wanted == "opened":
                actions.seal_sheet(actor=other, room=room, confirm_open_items=True)
                for actor in (one, other):
                    actions.press_open(actor=actor, room=room)
        return {"uid": str(room.uid), "state": wanted}

    @staticmethod
    def _come_in(room: Any, host: Any, guest: Any) -> None:
        from mutualist.apps.identity.models import User
        from mutualist.apps.rooms import actions

        mail = User.objects.get(pk=guest.user_id).email

        made = actions.invite_answerer(
            actor=host, room=room, seat="B", name=guest.name, email=mail, language="en"
        )
        actions.accept_link(actor=guest, token=made.url.rstrip("/").rsplit("/", 1)[-1])

    @staticmethod
    def _answer(room: Any, actor: Any, sheet: Any, *, whole: bool) -> None:
        from mutualist.apps.rooms import actions, queries

        answers = sheet if whole else {item: sheet[item] for item in ANSWERS if item in sheet}
        versions = queries.draft_sheet(actor, room).versions
        saved = actions.save_page(actor=actor, room=room, answers=answers, versions=versions)
        assert not saved.problems, saved.problems


if __name__ == "__main__":
    main()
