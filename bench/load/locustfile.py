"""People and programs that use the site; SCENE chooses one request, without it the mixture runs.

Run by run.py, which starts the server and passes the folder of seed.py in LOAD.
"""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

from locust import FastHttpUser, constant, constant_pacing, task

FIRMS = json.loads((Path(os.environ["LOAD"]) / "load.json").read_text(encoding="utf-8"))
SCENE = os.environ.get("SCENE", "mixture")
THINK = float(os.environ.get("THINK", "5"))
OVERLOAD = float(os.environ.get("OVERLOAD", "0"))
CHOICE = random.Random(7)


class Person(FastHttpUser):
    """Somebody of one firm, signed in at the browser and with a token for the firm's program."""

    abstract = True
    taken = 0

    def on_start(self) -> None:
        number = Person.taken
        Person.taken += 1
        self.firm = FIRMS[number % len(FIRMS)]
        self.client.cookiejar.clear()
        self.page = {"Cookie": f"sessionid={self.firm['session']}", "Accept-Language": "en"}
        self.api = {"Authorization": f"Bearer {self.firm['token']}"}
        # Each person seals in rooms of their own: two who share a seat would be told of a conflict.
        own = [room for room in self.firm["rooms"] if room["state"] == "answering"]
        step = max(1, -(-int(os.environ.get("PEOPLE", "1")) // len(FIRMS)))
        self.own = own[number // len(FIRMS) :: step] or own[-1:]
        self.sealed: dict[str, bool] = {}

    def room(self, state: str | None = None) -> dict[str, str]:
        fitting = [r for r in self.firm["rooms"] if state in (None, r["state"])]
        return CHOICE.choice(fitting or self.firm["rooms"])

    def see(self, path: str, name: str, headers: dict[str, str]) -> None:
        with self.client.get(path, name=name, headers=headers, catch_response=True) as answer:
            judge(answer)

    def list(self) -> None:
        self.see("/rooms/", "list page", self.page)

    def detail(self) -> None:
        self.see(f"/api/v1/rooms/{self.room()['uid']}", "room (API)", self.api)

    def room_page(self) -> None:
        self.see(f"/rooms/{self.room()['uid']}/", "room page", self.page)

    def result(self) -> None:
        self.see(f"/rooms/{self.room('opened')['uid']}/result/", "result page", self.page)

    def seal(self) -> None:
        """Seal, or take the own seal back: both are writes with an audit entry and a mail."""
        room = CHOICE.choice(self.own)
        uid, sealed = room["uid"], self.sealed.get(room["uid"], False)
        body = {"confirm_open_items": True}
        path = f"/api/v1/rooms/{uid}/seal"
        method = "DELETE" if sealed else "POST"
        with self.client.request(
            method, path, name="seal", headers=self.api, json=body, catch_response=True
        ) as answer:
            if judge(answer) and answer.status_code < 300:
                self.sealed[uid] = not sealed

    def save(self) -> None:
        """Save one answer as the sheet's autosave does."""
        uid = CHOICE.choice(self.own)["uid"]
        if self.sealed.get(uid):
            return
        sheet = self.client.get(f"/api/v1/rooms/{uid}/sheet", name="sheet (API)", headers=self.api)
        if sheet.status_code != 200:
            return
        body = {
            "value": CHOICE.choice(["lt1", "gt3"]),
            "version": sheet.json()["versions"].get("1.4", 0),
        }
        with self.client.put(
            f"/api/v1/rooms/{uid}/sheet/1.4",
            name="save answer",
            headers=self.api,
            json=body,
            catch_response=True,
        ) as answer:
            judge(answer, and_fine={409})


def judge(answer, and_fine: frozenset[int] | set[int] = frozenset()) -> bool:
    """Tell locust what is an error; a polite refusal under overload is none."""
    polite = answer.status_code in {429, 503} and "Retry-After" in (answer.headers or {})
    if answer.status_code in {200, 201, 204, *and_fine} or (polite and OVERLOAD):
        answer.success()
        return True
    answer.failure(f"{answer.status_code} {(answer.text or '')[:120]}")
    return False


if SCENE == "mixture":

    class Mixture(Person):
        """What people do on a working day, five seconds apart."""

        wait_time = constant_pacing(THINK) if OVERLOAD else constant(THINK)
        list_ = task(40)(Person.list)
        room_page_ = task(15)(Person.room_page)
        detail_ = task(20)(Person.detail)
        result_ = task(10)(Person.result)
        save_ = task(10)(Person.save)
        seal_ = task(5)(Person.seal)

else:

    class Single(Person):
        """One request, as fast as it goes."""

        wait_time = constant(0)
        only = task(getattr(Person, SCENE))
