"""The web application from the command line: serve, migrate, tick, and the demo."""

from __future__ import annotations

import os
import socket
import sys
from typing import Annotated, Final

import typer

from mutualist.cli.context import DONE, _, lang, paint
from mutualist.cli.output import suggest, tell
from mutualist.cli.run import CommandError
from mutualist.library.words import N_

DEMO_EXAMPLES = "mutualist demo\nmutualist demo --serve --port 8010"
SETTINGS = "mutualist.project.settings"

Port = Annotated[int, typer.Option(metavar="PORT", min=1, max=65535, help=N_("Port to listen on."))]
Bind = Annotated[str, typer.Option(metavar="ADDRESS", help=N_("Address to listen on."))]
Workers = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=0,
        max=64,
        help=N_("Processes that answer; 0 takes one for each core, at most 4."),
    ),
]
#: Of a process's threads few run at a time; the others wait, or refuse what is too much (see turnstile.py).
THREADS = 24

HELPS: Final = {
    "migrate": (N_("Bring the database up to date."),),
    "tick": (
        N_("Do once what is due: open rooms, send mails and webhooks; call it every few minutes."),
    ),
    "work": (N_("Send mails and webhooks and do what is due by the clock, until it is stopped."),),
    "operator": (
        N_("Let a person with an account run this installation: outbox and support sessions."),
    ),
    "serve": (N_("Serve the web application until it is stopped."),),
    "demo": (
        N_("Show the worked example: two firms before and after their talk."),
        N_("With --serve the web application starts on this machine, with one link per demo role."),
    ),
}


def start_django() -> None:
    """Load the web application's settings and apps."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    from mutualist.apps.core.environment import SettingError

    try:
        django.setup()
    except SettingError as error:
        raise CommandError(str(error)) from error
    except OSError as error:
        raise CommandError(
            _(
                "The data folder can't be used: {file}: {reason}. Choose another with MUTUALIST_DATA.",
                # A full disk is told by a write, which does not name its file.
                file=error.filename or os.environ.get("MUTUALIST_DATA", "data"),
                reason=error.strerror,
            )
        ) from error


def migrate(
    check: Annotated[
        bool,
        typer.Option("--check", help=N_("Change nothing; exit code 3 if anything is pending.")),
    ] = False,
    plan: Annotated[
        bool, typer.Option("--plan", help=N_("Change nothing; list what is pending."))
    ] = False,
) -> int:
    """Bring the database up to date."""
    start_django()
    if check or plan:
        from mutualist.cli.pending import tell_pending

        return tell_pending(check=check)
    _migrate(verbosity=1)
    return DONE


def _migrate(verbosity: int) -> None:
    from django.core.management import call_command
    from django.db import DatabaseError

    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.core.roles import as_owner, grant_application
    from mutualist.apps.operations.public import leftovers_of_upgrade, require_keys
    from mutualist.apps.privacy.public import wipe

    try:
        with as_owner():
            require_keys()
            leftovers = leftovers_of_upgrade()
            call_command("migrate", interactive=False, verbosity=verbosity, stdout=sys.stderr)
            if leftovers and not wipe(leftovers):
                tell(
                    _(
                        "The words of old mails are still in the free space of the database's files, because somebody "
                        "was reading. Stop everything, make a backup and restore it: that writes them anew."
                    )
                )
            # Now there is a table that remembers which key it is.
            require_keys()
        # As whoever serves, to whom the grant goes.
        grant_application()
    except SettingError as error:
        raise CommandError(str(error)) from error
    except DatabaseError as error:
        reason = " ".join(str(error).split())
        raise CommandError(_("The database can't be used: {reason}", reason=reason)) from error


def _require_keys() -> None:
    """Refuse to work without a key that is needed; a database that is away is waited for elsewhere."""
    from django.db import DatabaseError

    from mutualist.apps.core.environment import SettingError
    from mutualist.apps.operations.public import require_keys

    try:
        require_keys()
    except SettingError as error:
        raise CommandError(str(error)) from error
    except DatabaseError:
        pass


def tick() -> int:
    """Do once what is due: open rooms, send mails and webhooks, tidy up; call it every few minutes."""
    start_django()
    _require_keys()
    from mutualist.apps.delivery.worker import one_pass

    done = one_pass()
    opened = sum(task.count for task in done.tasks if task.name == "rooms.open_due")
    print(_("Opened: {count} rooms.", count=opened))
    if done.mails or done.delivered or done.failed:
        print(_("Mails tried: {count}.", count=done.mails))
        print(
            _(
                "Events delivered: {count}, not yet: {failed}.",
                count=done.delivered,
                failed=done.failed,
            )
        )
    failed = [task.name for task in done.tasks if task.failed]
    if failed:
        raise CommandError(
            _("These tasks failed: {names}. The log says why.", names=", ".join(failed))
        )
    return DONE


def work(
    follow: Annotated[
        bool, typer.Option("--follow", help=N_("End when the program that started this one ends."))
    ] = False,
) -> int:
    """Send mails and webhooks and do what is due by the clock, until it is stopped."""
    start_django()
    _require_keys()
    from mutualist.apps.delivery.worker import main

    main(os.getppid() if follow else 0)
    return DONE


def operator(
    mail: Annotated[str, typer.Argument(metavar="MAIL", help=N_("Mail address of the account."))],
    remove: Annotated[bool, typer.Option("--remove", help=N_("Take it back."))] = False,
) -> int:
    """Let a person with an account run this installation: outbox and support sessions."""
    start_django()
    from django.utils import translation

    from mutualist.apps.core.actor import Actor
    from mutualist.apps.core.errors import ActionError
    from mutualist.apps.identity.actions import appoint_operator

    with translation.override(lang()):
        try:
            user = appoint_operator(mail, operates=not remove, actor=Actor.system(lang()))
        except ActionError as error:
            raise CommandError(error.message) from error
    said = _("{name} no longer runs this installation.", name=user) if remove else ""
    print(said or _("{name} now runs this installation.", name=user))
    return DONE


def serve(
    port: Port = 8000,
    bind: Bind = "127.0.0.1",
    workers: Workers = 0,
    no_worker: Annotated[
        bool,
        typer.Option("--no-worker", help=N_("Without the worker that sends mails and webhooks.")),
    ] = False,
) -> int:
    """Serve the web application until it is stopped; a worker of its own runs beside it."""
    start_django()
    bind = bind.strip("[]")
    _check_free(bind, port)
    _migrate(verbosity=0)
    _become_server(bind, port, workers, worker=not no_worker)
    return DONE


def demo(
    serve_: Annotated[
        bool, typer.Option("--serve", help=N_("Load the demo into the web application and serve."))
    ] = False,
    port: Port = 8000,
    bind: Bind = "127.0.0.1",
) -> int:
    """Show the worked example: two firms before and after their talk."""
    if serve_:
        return _serve_demo(bind, port)
    from mutualist.cli.verdict import print_terminal
    from mutualist.library.datasets import load_pumpenpuls
    from mutualist.library.verdict import assess

    for number in (1, 2):
        print(paint(_("PumpenPuls, round {number}", number=number), "title"))
        print_terminal(assess(load_pumpenpuls(number)), explain=False, changes=number == 1)
        print()
    suggest("mutualist demo --serve", _("the same in the browser"))
    return DONE


def _serve_demo(bind: str, port: int) -> int:
    os.environ["MUTUALIST_DEMO"] = "1"
    bind = bind.strip("[]")
    os.environ.setdefault("MUTUALIST_BASE_URL", f"http://{_place(bind, port)}")
    _check_free(bind, port)
    start_django()
    tell(_("Preparing the database ..."))
    _migrate(verbosity=0)
    from mutualist.apps.commissions.demo import load_demo_commissions
    from mutualist.apps.enquiries.demo import load_demo_enquiries
    from mutualist.apps.programme.demo import load_demo_programme
    from mutualist.apps.projects.demo import load_demo_projects
    from mutualist.apps.ratings.demo import load_demo_ratings
    from mutualist.apps.rooms.demo import load_demo
    from mutualist.apps.ventures.demo import load_demo_venture

    links = load_demo()
    load_demo_venture()
    load_demo_programme()
    load_demo_commissions()
    load_demo_projects()
    load_demo_enquiries()
    load_demo_ratings()
    print(paint(_("Demo links, one per role:"), "bold"))
    for link in links:
        print(f"  {link.label(lang())}\n    {paint(link.url, 'accent')}")
    sys.stdout.flush()
    _become_server(bind, port)
    return DONE


def _place(bind: str, port: int) -> str:
    """Return address and port as they stand in a URL: an address of IPv6 in brackets."""
    return f"[{bind}]:{port}" if ":" in bind else f"{bind}:{port}"


def _check_free(bind: str, port: int) -> None:
    """Say plainly that a port is taken, before anything is loaded."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(
                _(
                    "{address} can't be used: {reason}. Choose another with --port.",
                    address=_place(bind, port),
                    reason=error.strerror,
                )
            ) from error


def _become_server(bind: str, port: int, workers: int = 0, *, worker: bool = True) -> None:
    """Replace this process by gunicorn: signals reach it directly and it ends cleanly."""
    tell(_("Serving on {address}. Ctrl+C ends it.", address=f"http://{_place(bind, port)}"))
    sys.stdout.flush()
    sys.stderr.flush()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    _share_figures(port)
    os.execv(  # noqa: S606 - no shell, our own interpreter
        sys.executable,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "mutualist.project.wsgi:application",
            *(["--config", "python:mutualist.project.server"] if worker else []),
            "--bind",
            _place(bind, port),
            "--workers",
            str(workers or min(4, os.cpu_count() or 1)),
            "--threads",
            str(THREADS),
            "--preload",
            "--graceful-timeout",
            "10",
            "--log-level",
            "warning",
        ],
    )


def _share_figures(port: int) -> None:
    """Give the processes of the server an empty folder in which they count together."""
    import shutil

    from django.conf import settings

    folder = settings.MUTUALIST_DATA / "run" / f"figures-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    # Read by the library that counts, when it is loaded.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
