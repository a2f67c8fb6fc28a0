from __future__ import annotations

import importlib

app_name = "rooms"
urlpatterns = []
for area in ("starting", "lifecycle", "people", "answering", "result", "exports", "convening"):
    try:
        urlpatterns += importlib.import_module(f"mutualist.apps.rooms.pages.{area}").urlpatterns
    except ModuleNotFoundError as error:
        if "rooms.pages" not in str(error):
            raise
