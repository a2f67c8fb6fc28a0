"""Commands that reach into the web application."""

from __future__ import annotations

import socket
import uuid

import pytest

import mutualist as mu
from library.rooms import VECTORS, plain
from mutualist.apps.identity.actions import create_organisation, create_user
from mutualist.apps.identity.queries import actor_of
from mutualist.library.files import load_yaml

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def people():
    """Anna owns Nordwerk; Dora owns a rival and has no seat."""
    anna = create_user(email="anna@nordwerk.example", name="Anna", language="de")
    create_organisation("Nordwerk", actor=actor_of(anna))
    dora = create_user(email="dora@grauwerk.example", name="Dora", language="en")
    create_organisation("Grauwerk", actor=actor_of(dora))
    return anna, dora


def test_a_room_file_becomes_a_room_and_comes_back(people, call, tmp_path):
    done = call("import", "room", VECTORS / "round1.yaml", "--as", "anna@nordwerk.example")
    assert done.code == 0, done.err
    uid = done.out.strip()
    assert uuid.UUID(uid)
    done = call("export", "room", uid, "--as", "anna@nordwerk.example")
    assert done.code == 0
    document = load_yaml(done.out)
    golden = mu.datasets.load_pumpenpuls(1).to_dict()
    assert document["parties"] == golden["parties"]
    # Anna hosts and has no seat: what is never shown, or only as a finding, stays inside.
    for party, answers in document["answers"].items():
        assert not {"2.3", "4.5", "5.4", "6.4"} & set(answers)
        shown = {key: value for key, value in golden["answers"][party].items() if key in answers}
        assert plain({"x": answers | {"6.3": 0}}) == plain({"x": shown | {"6.3": 0}})


def test_rivals_learn_nothing(people, call):
    uid = call(
        "import", "room", VECTORS / "round1.yaml", "--as", "anna@nordwerk.example"
    ).out.strip()
    done = call("export", "room", uid, "--as", "dora@grauwerk.example")
    assert (done.code, done.out) == (1, "")
    assert (
        done.err == call("export", "room", str(uuid.uuid4()), "--as", "dora@grauwerk.example").err
    )


def test_who_and_for_whom(people, call):
    done = call("import", "room", VECTORS / "round1.yaml", "--as", "nobody@x.example")
    assert done.code == 1
    assert "nobody@x.example" in done.err
    create_organisation("Zweitwerk", actor=actor_of(people[0]))
    done = call("import", "room", VECTORS / "round1.yaml", "--as", "anna@nordwerk.example")
    assert done.code == 2
    assert "Nordwerk, Zweitwerk" in done.err
    done = call(
        "import",
        "room",
        VECTORS / "round1.yaml",
        "--as",
        "anna@nordwerk.example",
        "--for",
        "zweitwerk",
    )
    assert done.code == 0
    assert call("export", "room", "no-id", "--as", "anna@nordwerk.example").code == 2


def test_tick_opens_what_is_due(call):
    done = call("tick", "--lang", "de")
    assert (done.code, done.out) == (0, "Geöffnet: 0 Räume.\n")


def test_a_taken_port_is_said_before_anything_happens(call):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = call("serve", "--port", port)
    assert done.code == 1
    assert f"127.0.0.1:{port}" in done.err
    assert "--port" in done.err


def test_serving_replaces_the_process_by_gunicorn(call, monkeypatch):
    started = []
    monkeypatch.setattr("os.execv", lambda program, arguments: started.append((program, arguments)))
    monkeypatch.setattr("mutualist.cli.web._check_free", lambda *_args: None)
    assert call("serve", "--port", "8010", "--workers", "3").code == 0
    _program, arguments = started[0]
    assert arguments[arguments.index("--workers") + 1] == "3"
    assert arguments[1:4] == ["-m", "gunicorn", "mutualist.project.wsgi:application"]
    assert arguments[arguments.index("--bind") + 1] == "127.0.0.1:8010"


def test_the_version_is_told(call):
    import mutualist

    assert call("--version").out == f"mutualist {mutualist.__version__}\n"
