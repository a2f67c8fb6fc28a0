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
        # Each person writes in rooms of their own: two who share a seat would be told of a conflict.
        # Only hosts seal, only guests save: nobody else ends what somebody is in the middle of.
        people = int(os.environ.get("PEOPLE", "1"))
        step = max(1, -(-people // len(FIRMS)))
        answering = [room for room in self.firm["rooms"] if room["state"] == "answering"]
        mine = [
            [room["uid"] for room in answering if room["seat"] == seat][
                number // len(FIRMS) :: step
            ]
            for seat in ("A", "B")
        ]
        self.to_seal, self.to_save = mine
        self.sealed = {uid: self.is_sealed(uid) for uid in self.to_seal}

    def is_sealed(self, uid: str) -> bool:
        """Learn what an earlier scene left."""
        answer = self.client.get(f"/api/v1/rooms/{uid}", name="before", headers=self.api)
        if answer.status_code != 200:
            return False
        return any(seat["is_mine"] and seat["sealed"] for seat in answer.json()["seats"])

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
        if not self.to_seal:
            return
        uid = CHOICE.choice(self.to_seal)
        sealed = self.sealed[uid]
        body = {"confirm_open_items": True}
        path = f"/api/v1/rooms/{uid}/seal"
        method = "DELETE" if sealed else "POST"
        with self.client.request(
            method, path, name="seal", headers=self.api, json=body, catch_response=True
        ) as answer:
            if OVERLOAD and answer.status_code == 409:
                # What the scene before left could not be asked: it was refused, too.
                self.sealed[uid] = True
                answer.success()
            elif judge(answer) and answer.status_code < 300:
                self.sealed[uid] = not sealed

    def save(self) -> None:
        """Save one answer as the sheet's autosave does."""
        if not self.to_save:
            return
        uid = CHOICE.choice(self.to_save)
        with self.client.get(
            f"/api/v1/rooms/{uid}/sheet",
            name="sheet (API)",
            headers=self.api,
            catch_response=True,
        ) as sheet:
            if not judge(sheet) or sheet.status_code != 200:
                return
            version = sheet.json()["versions"].get("1.4", 0)
        body = {"value": CHOICE.choice(["1to3", "gt3"]), "version": version}
        with self.client.put(
            f"/api/v1/rooms/{uid}/sheet/1.4",
            name="save answer",
            headers=self.api,
            json=body,
            catch_response=True,
        ) as answer:
            judge(answer)


def judge(answer) -> bool:
    """Tell locust what is an error; a polite refusal under overload is none."""
    polite = answer.status_code in {429, 503} and "Retry-After" in (answer.headers or {})
    if answer.status_code in {200, 201, 204} or (polite and OVERLOAD):
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
