"""The entry point for the web server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mutualist.project.settings")
application = get_wsgi_application()

# What is loaded by now stays for good: the collector need not look at it again and again.
gc.collect()
gc.freeze()
