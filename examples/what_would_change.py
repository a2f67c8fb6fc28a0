"""Say what keeps two firms from a true partnership, and which single answers would help."""

from __future__ import annotations

from pathlib import Path

import mutualist as mu

room = mu.read_room(Path(__file__).resolve().parent / "pumpenpuls-1.yaml")
verdict = mu.assess(room)
print(verdict.headline())
for reason in verdict.explain():
    if reason["red"]:
        print(f"  red: {reason['rule']} {reason['finding']}")
for step in verdict.changes():
    print(f"  {step['step']}. {step['move']} -> {step['result']}, P {step['P']}")
