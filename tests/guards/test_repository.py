from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).exists()]


@pytest.mark.django_db
def test_migrations_match_the_models() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_files_have_one_subject() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in tracked("src/*.py", "tests/*.py", "src/*.html", "bench/*.py")
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
        and "migrations" not in path.parts
    }
    assert not long


def test_lock_files_name_no_address() -> None:
    for path in tracked("requirements/*.txt", "vendor/package-lock.json"):
        found = re.findall(r"https?://[^\s\"]+", path.read_text(encoding="utf-8"))
        kept = [one for one in found if "/sponsors" not in one and "funding" not in one]
        assert not [one for one in kept if ".tgz" in one or "simple" in one or "index" in one], path


def test_links_in_the_documentation_lead_somewhere() -> None:
    dead = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in tracked("*.md")
        for target in LINK.findall(path.read_text(encoding="utf-8"))
        if not (path.parent / target).exists()
    ]
    assert not dead


def test_the_project_names_no_machine() -> None:
    folders = "|".join(("wo" + "rk", "ro" + "ot", "fa" + "rm"))
    path_of_a_machine = re.compile(rf"(?<![\w.])/({folders})/\w")
    found = [
        f"{path.relative_to(ROOT)}: {hit[0]}"
        for path in tracked("*.py", "*.md", "*.sh", "*.yaml", "*.toml", "*.txt", "*.html", "*.js")
        for hit in path_of_a_machine.finditer(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert not found


def test_no_model_reaches_across_apps_backwards() -> None:
    """A relation to another app must not add an attribute to that app's model."""
    from django.apps import apps

    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("mutualist.apps.rooms"):
            continue
        for field in model._meta.get_fields():
            other = getattr(field, "related_model", None)
            concrete = getattr(field, "remote_field", None) and field.concrete
            if concrete and other is not None and other._meta.app_label != model._meta.app_label:
                name = field.remote_field.related_name
                wrong += (
                    [f"{model.__name__}.{field.name}"] if not (name or "").endswith("+") else []
                )
    assert not wrong


def test_nobody_uses_signals() -> None:
    users = [
        str(path.relative_to(ROOT))
        for path in tracked("src/*.py")
        if re.search(r"db\.models\.signals|django\.dispatch|@receiver", path.read_text("utf-8"))
    ]
    assert not users
