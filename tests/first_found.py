"""A plugin of pytest: property tests stop at the first example that fails; making it smaller takes minutes."""

from __future__ import annotations

from hypothesis import Phase, settings

settings.register_profile("first_found", phases=(Phase.explicit, Phase.generate), database=None)
settings.load_profile("first_found")
