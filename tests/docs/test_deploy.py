"""What deploy/ holds is well formed, calls commands that exist and fits the settings."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from mutualist.cli.run import run
from operations.places import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
TIMERS = sorted((DEPLOY / "systemd").glob("*.timer"))
PROXIES = [
    DEPLOY / "nginx/mutualist.conf",
    DEPLOY / "caddy/Caddyfile",
    DEPLOY / "compose/Caddyfile",
]
WALLS = (
    "NoNewPrivileges=true",
    "ProtectSystem=strict",
    "ProtectHome=true",
    "PrivateTmp=true",
    "CapabilityBoundingSet=",
    "SystemCallFilter=@system-service",
    "UMask=0077",
    "InaccessiblePaths=-/opt/mutualist/.git",
)


def settings_of(unit: Path) -> list[str]:
    return unit.read_text(encoding="utf-8").splitlines()


def exec_start(unit: Path) -> list[str]:
    return next(x for x in settings_of(unit) if x.startswith("ExecStart=")).split("=", 1)[1].split()


def compose() -> dict:
    return yaml.safe_load((DEPLOY / "compose/compose.yaml").read_text(encoding="utf-8"))


def commands() -> list[list[str]]:
    services = compose()["services"].values()
    docker = (DEPLOY / "compose/Dockerfile").read_text(encoding="utf-8")
    started = yaml.safe_load(docker.rpartition("CMD ")[2])
    return [
        *(exec_start(unit)[1:] for unit in UNITS),
        *(one["command"][1:] for one in services if "command" in one),
        started[1:],
    ]


@pytest.mark.parametrize("command", commands(), ids=lambda words: words[0])
def test_every_command_exists_with_its_options(command, capsys):
    assert run([command[0], "--help", "--lang", "en"]) == 0
    text = capsys.readouterr().out
    assert not [word for word in command if word.startswith("--") and word not in text]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_has_its_walls(unit):
    lines = settings_of(unit)
    assert not [wall for wall in WALLS if wall not in lines]
    assert "User=mutualist" in lines


def test_only_migration_and_backup_know_the_owner():
    knowing = {u.stem for u in UNITS if "owner.env" in u.read_text(encoding="utf-8")}
    assert knowing == {"mutualist-migrate", "mutualist-backup"}
    services = compose()["services"]
    owner = "MUTUALIST_DATABASE_OWNER_URL"
    assert {name for name, one in services.items() if owner in one.get("environment", {})} == {
        "migrate",
        "backup",
    }


def test_systemd_accepts_the_units(tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("NOT TESTED: systemd-analyze is missing")
    for unit in [*UNITS, *TIMERS]:
        text = unit.read_text(encoding="utf-8").replace(
            "/opt/mutualist/.venv/bin/mutualist", "/bin/true"
        )
        (tmp_path / unit.name).write_text(text, encoding="utf-8")
    done = subprocess.run(
        [program, "verify", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:", "PATH": "/usr/bin:/bin"},
    )
    ours = [line for line in done.stderr.splitlines() if "mutualist-" in line]
    assert not ours, done.stderr


@pytest.mark.parametrize("proxy", PROXIES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_proxy_sets_what_is_believed_and_lets_the_largest_file_in(proxy, settings):
    text = re.sub(r"#.*", "", proxy.read_text(encoding="utf-8"))
    assert text.count("{") == text.count("}")
    for header in ("X-Forwarded-Proto", "X-Forwarded-For"):
        line = next(x for x in text.splitlines() if header in x)
        assert "add_x_forwarded" not in line
    limit = int(re.search(r"(?:client_max_body_size|max_size) (\d+)", text)[1]) * 1024 * 1024
    assert limit > settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert "/metrics" in text


@pytest.mark.parametrize("proxy", PROXIES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_programs_are_not_led_from_http_to_https(proxy):
    text = proxy.read_text(encoding="utf-8")
    plain = (
        text.partition("listen 443")[0]
        if proxy.suffix == ".conf"
        else text.partition("\nhttp://")[2]
    )
    assert re.search(r"/api/\*? \{\s+(?:return|respond) 403", plain)
    assert re.search(r"(?:redir|return 301) https://", plain)


def test_nginx_accepts_its_configuration(tmp_path):
    program = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if program is None:
        pytest.skip("NOT TESTED: nginx is missing")
    for name in ("fullchain.pem", "privkey.pem"):
        (tmp_path / name).write_bytes(b"")
    text = (DEPLOY / "nginx/mutualist.conf").read_text(encoding="utf-8")
    # A certificate of one's own is not the point here.
    text = re.sub(r"^\s*ssl_.*\n|^\s*http2 on;\n", "", text, flags=re.MULTILINE).replace(
        " ssl;", ";"
    )
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{text}\n}}\n")
    done = subprocess.run([program, "-t", "-c", whole], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_variables_it_sets_are_known():
    listed = (ROOT / "docs/en/operator.md").read_text(encoding="utf-8")
    files = [path for path in DEPLOY.rglob("*") if path.is_file()]
    named = {n for f in files for n in re.findall(r"MUTUALIST_[A-Z_]+", f.read_text("utf-8"))}
    assert named
    assert not [name for name in named if f"`{name}`" not in listed]


def test_the_roles_of_the_container_are_below_row_level_security():
    text = (DEPLOY / "compose/roles.sh").read_text(encoding="utf-8")
    assert text.count("NOSUPERUSER NOBYPASSRLS") == text.count("CREATE ROLE") == 2
    subprocess.run(["sh", "-n", DEPLOY / "compose/roles.sh"], check=True)
