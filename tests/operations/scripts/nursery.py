"""Load the application once; for each line on standard input start gunicorn in a process group of its own.

Argument: the port. Prints the number of each group. The settings of gunicorn are those of the command.
"""

from __future__ import annotations

import os
import signal
import sys

from gunicorn.app.base import BaseApplication

from mutualist.project.wsgi import application


class Server(BaseApplication):
    def __init__(self, port: int) -> None:
        self._port = port
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"127.0.0.1:{self._port}",
            "workers": 2,
            "threads": 4,
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        return application


def warm_up() -> None:
    """Load what is loaded at the first use, so that the time between two kills goes into writes."""
    from django.db import connections
    from django.test import Client

    from mutualist.library.datasets import load_pumpenpuls
    from mutualist.library.verdict import assess

    assess(load_pumpenpuls(1))
    Client(headers={"host": "127.0.0.1"}).get("/api/v1/rooms")
    connections.close_all()


def main(port: int) -> None:
    warm_up()
    # Nobody collects the dead here: the system does.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            os.close(0)
            os.dup2(2, 1)
            Server(port).run()
            os._exit(0)
        print(child, flush=True)


main(int(sys.argv[1]))
