"""A room in a folder between two machines: interview, seals, opening, and what tampering gets."""

from __future__ import annotations

import json
import os
import shutil
import stat

import pytest

import mutualist as mu
from library.rooms import plain
from mutualist.library.files import dump_room


@pytest.fixture
def ready(call, tmp_path):
    """A room in which both have their answers of round 1 ready."""
    assert call("room", "new", "pump", "--parties", "Nordwerk Pumpen AG,Tauwerk Sensorik GmbH",
                "--relation", "customer_supplier", "--since", "2026-03").code == 0  # fmt: skip
    answer(call, tmp_path, 1)
    return tmp_path / "pump"


def answer(call, tmp_path, number):
    source = tmp_path / f"round-{number}.yaml"
    source.write_text(dump_room(mu.datasets.load_pumpenpuls(number)), encoding="utf-8")
    for name in ("Nordwerk", "tauwerk"):
        assert call("room", "ask", "pump", "--as", name, "--from", source).code == 0


def on_machine(monkeypatch, tmp_path, name):
    monkeypatch.setenv("MUTUALIST_PRIVATE", str(tmp_path / name))


def test_new_room_holds_frame_and_parties(call, tmp_path):
    done = call(
        "room", "new", "pump", "--parties", "Nordwerk, Tauwerk", "--offer", "Pumps", "--lang", "de"
    )
    assert done.code == 0
    assert "A = Nordwerk, B = Tauwerk" in done.out
    assert "mutualist room ask pump --as Nordwerk" in done.err
    assert call("room", "new", "pump", "--parties", "A,B").code == 1
    assert call("room", "new", "one", "--parties", "Nordwerk").code == 1
    assert not (tmp_path / "one").exists()
    assert call("room", "new", "odd", "--parties", "A,B", "--relation", "friends").code == 1


def test_from_answers_to_the_result(ready, call):
    assert call("room", "open", ready).code == 4
    assert call("verdict", ready).code == 4
    for party in ("A", "B"):
        done = call("room", "seal", ready, "--as", party)
        assert done.code == 0
        assert "fingerprint" in done.out
    done = call("room", "open", ready)
    assert done.code == 0
    assert "Supplier relationship" in done.out
    document = json.loads(call("verdict", ready, "--json").out)
    assert (document["kind"], document["scores"]["S"]) == ("supplier", 85)


def test_second_round_starts_from_the_answers_of_the_first(ready, call, tmp_path):
    for party in ("A", "B"):
        call("room", "seal", ready, "--as", party)
    call("room", "open", ready)
    state = json.loads(call("room", "status", ready, "--json").out)
    assert (state["round"], [p["sealed"] for p in state["parties"]]) == (2, [None, None])
    done = call("room", "ask", ready, "--as", "A", "--item", "2.2", stdin="4\n3\n")
    assert done.code == 0
    assert "Present answer: Years 2 · Proof E0 said" in done.err
    answer(call, tmp_path, 2)
    for party in ("A", "B"):
        assert call("room", "seal", ready, "--as", party).code == 0
    assert "True partnership" in call("room", "open", ready).out
    assert json.loads(call("verdict", ready, "--json").out)["scores"]["P"] == 86
    assert (ready / "round-1" / "A.sheet.json").exists()


def test_two_machines_see_answers_only_after_both_have_sealed(ready, call, monkeypatch, tmp_path):
    on_machine(monkeypatch, tmp_path, "machine-a")
    call("room", "ask", ready, "--as", "A", "--from", tmp_path / "round-1.yaml")
    call("room", "seal", ready, "--as", "A")
    shared = "".join(p.read_text(encoding="utf-8") for p in ready.rglob("*") if p.is_file())
    assert "gemessen an gesparten Kosten" not in shared
    assert "bridge" not in shared
    done = call("room", "open", ready)
    assert done.code == 4
    assert "Not sealed yet: Tauwerk Sensorik GmbH" in done.err
    assert not list(ready.rglob("*.sheet.json"))

    on_machine(monkeypatch, tmp_path, "machine-b")
    call("room", "ask", ready, "--as", "B", "--from", tmp_path / "round-1.yaml")
    call("room", "seal", ready, "--as", "B")
    done = call("room", "open", ready)
    assert done.code == 4
    assert "Sealed, but not shown yet: Nordwerk Pumpen AG" in done.err
    assert call("room", "open", ready, "--as", "A").code == 1

    on_machine(monkeypatch, tmp_path, "machine-a")
    assert call("room", "open", ready).code == 0
    on_machine(monkeypatch, tmp_path, "machine-b")
    assert call("room", "open", ready).code == 0


def sealed(ready, call):
    for party in ("A", "B"):
        call("room", "seal", ready, "--as", party)
    call("room", "open", ready)
    return ready / "round-1" / "B.sheet.json"


def test_changed_answers_are_found_out(ready, call):
    path = sealed(ready, call)
    sheet = json.loads(path.read_text(encoding="utf-8"))
    sheet["answers"]["3.6"] = "both"
    path.write_text(json.dumps(sheet), encoding="utf-8")
    done = call("verdict", ready)
    assert (done.code, done.out) == (1, "")
    assert "The sheet of Tauwerk Sensorik GmbH is not the one that was sealed." in done.err


def test_another_partys_seal_does_not_fit(ready, call):
    path = sealed(ready, call)
    shutil.copy(path.with_name("A.sheet.json"), path)
    commitment = json.loads(path.with_name("A.commitment.json").read_text(encoding="utf-8"))
    path.with_name("B.commitment.json").write_text(
        json.dumps(commitment | {"party": "B"}), encoding="utf-8"
    )
    assert call("verdict", ready).code == 1


def test_a_frame_changed_after_sealing_is_found_out(ready, call):
    sealed(ready, call)
    file = ready / "room.yaml"
    file.write_text(
        file.read_text(encoding="utf-8").replace("customer_supplier", "none"), encoding="utf-8"
    )
    assert call("verdict", ready).code == 1


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"nonce": 1, "answers": 2}', '{"nonce": "zz"}']
)
def test_damaged_sheets_never_give_a_traceback(content, ready, call):
    sealed(ready, call).write_text(content, encoding="utf-8")
    done = call("verdict", ready)
    assert done.code == 1
    assert "error of mutualist itself" not in done.err


def test_sealed_answers_stay_and_are_sealed_once(ready, call, tmp_path):
    assert call("room", "seal", ready, "--as", "A").code == 0
    assert call("room", "seal", ready, "--as", "A").code == 1
    done = call("room", "ask", ready, "--as", "A", "--from", tmp_path / "round-1.yaml")
    assert done.code == 1
    assert "can't be changed" in done.err


def test_unanswered_items_are_never_sealed_silently(call):
    call("room", "new", "pump", "--parties", "Nordwerk,Tauwerk")
    done = call("room", "seal", "pump", "--as", "A")
    assert done.code == 1
    assert "36 items are not answered: 1.1" in done.err
    assert call("room", "seal", "pump", "--as", "A", "--yes").code == 0


def test_drafts_are_for_this_user_only(ready, tmp_path):
    drafts = list((tmp_path / "private").rglob("*.draft.json"))
    assert len(drafts) == 2
    if os.name == "posix":
        assert all(stat.S_IMODE(p.stat().st_mode) == 0o600 for p in drafts)


def test_who_is_meant(ready, call, tmp_path):
    assert call("room", "ask", ready).code == 2
    done = call("room", "ask", ready, "--as", "Grauwerk")
    assert done.code == 1
    assert "A = Nordwerk Pumpen AG" in done.err
    assert call("room", "status", tmp_path).code == 1


# --- interview ----------------------------------------------------------------------------------


@pytest.fixture
def empty(call, tmp_path):
    call("room", "new", "pump", "--parties", "Nordwerk,Tauwerk")
    return tmp_path / "pump"


def draft(tmp_path):
    path = next((tmp_path / "private").rglob("*.draft.json"))
    return json.loads(path.read_text(encoding="utf-8"))


ANSWERS = [
    "Until 2028 we sell a joint service, measured by revenue.",
    "1=55 4=30 8=15",
    "1", "900", "6/2028",
    "3",
    "new_offer",
    "2",
    "2=45 4=25 8=10 1=20",
    "5", "3",
    "1", "",
    "1", "", "2", "12",
    "0",
    "5",
    "2=4 3=4 4=4 12=3", "2 3 4 12", "7=4 5=3 8=3 9=2", "4",
    "5", "3", "180", "3",
    "4", "3", "both", "wir",
    "2", "4000", "70", "2", "2028-03", "5", "10", "100", "4", "2027-01", "",
    "1", "900", "2028-12", "7", "1", "2027-06", "",
    "150", "400", "900", "260",
    "500",
    "2", "120",
    "1 2", "0", "4",
    "5", "100", "A", "4", "",
    "1=40 2=60",
    "30", "50",
    "400", "350",
    "3", "30", "300", "",
    "1",
    "Interface", "3", "CTO", "1", "",
    "both",
    "1", "10",
    "1", "2", "2", "1", "2", "1", "1", "2", "1", "1",
    "2", "3",
]  # fmt: skip


def test_the_whole_interview(empty, call, tmp_path):
    lines = ["us" if line == "wir" else line for line in ANSWERS]
    done = call("room", "ask", empty, "--as", "B", stdin="\n".join(lines) + "\n")
    assert done.code == 0
    assert "mutualist room seal" in done.err, done.err[-2000:]
    answers = draft(tmp_path)
    golden = mu.datasets.load_pumpenpuls(1).to_dict()["answers"]["B"]
    different = {"header", "1.1", "1.3", "5.5", "6.1"}
    assert set(answers) == set(golden) - {"header"}
    for number in set(golden) - different:
        assert plain({"x": answers[number]}) == plain({"x": golden[number]}), number
    assert answers["1.3"] == {"measure": "revenue", "value": 900, "by": "2028-06"}
    assert answers["6.1"] == [{"what": "Interface", "due_months": 3, "who": "CTO", "pays": "us"}]


def test_the_interview_can_be_left_and_resumed(empty, call, tmp_path):
    done = call("room", "ask", empty, "--as", "B", stdin="One goal\n1=100\nq\n")
    assert done.code == 0
    assert "Saved: 2 answers." in done.err
    assert set(draft(tmp_path)) == {"1.1", "1.2"}
    done = call("room", "ask", empty, "--as", "B", stdin="revenue\n")
    assert "1.3  What do we mainly measure" in done.err
    assert "1.2  What is this" not in done.err


def test_going_back_and_not_knowing(empty, call, tmp_path):
    call("room", "ask", empty, "--as", "B", stdin="One goal\n<\nAnother goal\n-\n")
    assert draft(tmp_path) == {"1.1": "Another goal", "1.2": "dont_know"}


def test_wrong_answers_are_asked_again(empty, call, tmp_path):
    done = call(
        "room", "ask", empty, "--as", "B", "--item", "1.2", stdin="1=50\n1=50 99=3\n1=100\n"
    )
    assert "50" in done.err
    assert "'99=3' can't be read here." in done.err
    assert draft(tmp_path) == {"1.2": {"new_offer": 100}}


def test_several_counterparts_are_asked_one_by_one(call, tmp_path):
    call("room", "new", "three", "--parties", "Nord,Tau,Grau")
    done = call("room", "ask", "three", "--as", "A", "--item", "2.5", stdin="3\n1\n")
    assert "towards Tau:" in done.err
    assert draft(tmp_path) == {"2.5": {"B": 3, "C": 1}}


def test_answers_by_workbook(empty, call, tmp_path):
    from openpyxl import load_workbook

    target = tmp_path / "b.xlsx"
    assert call("room", "workbook", empty, "--as", "B", "-o", target, "--lang", "de").code == 0
    assert call("room", "workbook", empty, "--as", "B", "-o", target).code == 1
    book = load_workbook(target)
    sheet = book["Frage 2"]
    row = next(r for r in sheet.iter_rows(min_row=3) if r[0].value == "2.2/years")
    row[5].value = 5
    book.save(target)
    assert call("room", "ask", empty, "--as", "B", "--from", target).code == 0
    assert draft(tmp_path) == {"2.2": 5}
    assert call("room", "ask", empty, "--as", "A", "--from", target).code == 1
