"""The addresses of rooms, an area of pages each."""

from __future__ import annotations

from mutualist.apps.rooms.pages import (
    answering,
    convening,
    exports,
    lifecycle,
    people,
    proofs,
    result,
    starting,
)

app_name = "rooms"
urlpatterns = [
    *starting.urlpatterns,
    *lifecycle.urlpatterns,
    *people.urlpatterns,
    *answering.urlpatterns,
    *result.urlpatterns,
    *exports.urlpatterns,
    *proofs.urlpatterns,
    *convening.urlpatterns,
]
