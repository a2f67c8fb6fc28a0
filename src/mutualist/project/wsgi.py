"""The entry point for the web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

from mutualist.project.starting import refuse_to_start
from mutualist.project.turnstile import Turnstile

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")
# Of a worker's threads few run, some wait, and the rest are there to refuse quickly.
application = Turnstile(get_wsgi_application(), running=4, waiting=16)

refuse_to_start()

# What is loaded by now stays for good: the collector need not look at it again and again.
gc.collect()
gc.freeze()
