"""What Mutualist is made of: a bill of materials and a list of licences, from the locks.

Run this file to write `docs/sbom.json` (CycloneDX 1.6) and `docs/licences.md` anew; both say the
same each time they are written from the same locks. ``--audit`` asks the advisory service about
every locked package and fails when it cannot be reached.
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements" / "base.txt"
BROWSER = ROOT / "vendor" / "package-lock.json"
SBOM, LICENCES = ROOT / "docs" / "sbom.json", ROOT / "docs" / "licences.md"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]*))?")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
ALLOWED = {
    *("MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "OFL-1.1"),
    *("MPL-2.0", "Unlicense", "0BSD", "Zlib", "CC0-1.0"),
    # Linked at run time and replaceable; only with PostgreSQL.
    "LGPL-3.0-only",
}
#: Where a package names its licence in words, or in another package's form.
SAID = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "BSD": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
#: Read in the package itself: its metadata says less, or it is for another system than this one.
READ = {
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "qrcode": "BSD-3-Clause",
}


@dataclass(frozen=True)
class Part:
    """One thing Mutualist is made of."""

    name: str
    version: str
    licence: str
    kind: str
    hashes: tuple[tuple[str, str], ...]
    needs: tuple[str, ...] = ()

    @property
    def purl(self) -> str:
        """Its name in the form tools compare."""
        name = self.name.replace("@", "%40") if self.kind == "npm" else self.name.lower()
        return f"pkg:{self.kind}/{name}@{self.version}"


def locked(lock: Path = LOCK) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield name, version and hashes of every line of a lock."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", lock.read_text(encoding="utf-8")):
        pinned = PINNED.match(block)
        if pinned:
            yield pinned[1], pinned[2], tuple(HASH.findall(block))


def licence_of(name: str) -> str:
    """Return a package's licence as an SPDX expression, or nothing if it cannot be told."""
    if name in READ:
        return READ[name]
    try:
        about = distribution(name).metadata
    except PackageNotFoundError:
        return ""
    if about.get("License-Expression"):
        return str(about["License-Expression"])
    words = [
        one.split("::")[-1].strip()
        for one in about.get_all("Classifier") or []
        if one.startswith("License ::")
    ]
    text = (about.get("License") or "").strip()
    if text in ALLOWED:
        return text
    found = {SAID.get(word, "") for word in words or [text]}
    return found.pop() if len(found) == 1 else ""


def _needs(name: str, known: set[str]) -> tuple[str, ...]:
    try:
        wanted = distribution(name).requires or []
    except PackageNotFoundError:
        return ()
    names = {
        re.split(r"[^A-Za-z0-9._-]", one)[0].lower().replace("_", "-")
        for one in wanted
        if "extra ==" not in one
    }
    return tuple(sorted(names & known))


def parts() -> list[Part]:
    """Return everything that runs: packages of the lock, files of the browser, fonts."""
    found = list(locked())
    known = {name.lower() for name, _, _ in found}
    packages = [
        Part(
            name,
            version,
            licence_of(name),
            "pypi",
            tuple(("SHA-256", h) for h in hashes),
            _needs(name, known),
        )
        for name, version, hashes in found
    ]
    lock = json.loads(BROWSER.read_text(encoding="utf-8"))
    for place, about in lock["packages"].items():
        if place and not about.get("dev"):
            name = place.rpartition("node_modules/")[2]
            raw = base64.b64decode(about["integrity"].removeprefix("sha512-")).hex()
            packages.append(
                Part(name, about["version"], about.get("license", ""), "npm", (("SHA-512", raw),))
            )
    unique = {(part.kind, part.name, part.version): part for part in packages}
    return sorted(unique.values(), key=lambda part: (part.kind, part.name.lower(), part.version))


def words_of(expression: str) -> set[str]:
    """Return the single licences of an expression."""
    return set(re.findall(r"[A-Za-z0-9.-]+", expression)) - {"AND", "OR", "WITH"}


def forbidden(part: Part) -> bool:
    """Whether a part's licence is unknown or not allowed; of alternatives one is enough."""
    alternatives = [words_of(one) for one in part.licence.split(" OR ")]
    return not any(words and words <= ALLOWED for words in alternatives)


def sbom() -> str:
    """Return the bill of materials; no time, no serial number, no address."""
    from mutualist import __version__

    whole = parts()
    refs = {part.name.lower(): part.purl for part in whole if part.kind == "pypi"}
    body: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {
            "type": "application", "name": "mutualist", "version": __version__,
            "bom-ref": "mutualist", "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": [
            {
                "type": "library", "bom-ref": part.purl, "name": part.name, "version": part.version,
                "purl": part.purl,
                "licenses": [{"expression": part.licence}],
                "hashes": [{"alg": kind, "content": content} for kind, content in part.hashes],
            }
            for part in whole
        ],
        "dependencies": [
            {"ref": "mutualist", "dependsOn": sorted(part.purl for part in whole)},
            *({"ref": part.purl, "dependsOn": [refs[one] for one in part.needs]} for part in whole),
        ],
    }  # fmt: skip
    return json.dumps(body, indent=1, ensure_ascii=False) + "\n"


def licences() -> str:
    """Return the list of licences."""
    rows = "\n".join(
        f"| {part.name} | {part.version} | {part.licence} |"
        for part in parts()
        if part.kind == "pypi"
    )
    browser = "\n".join(
        f"| {part.name} | {part.version} | {part.licence} |"
        for part in parts()
        if part.kind == "npm"
    )
    return f"""# Licences

Mutualist is under the [Apache License 2.0](../LICENSE). It runs with these packages, locked with their hashes in
`requirements/base.txt`. This page and [sbom.json](sbom.json) (CycloneDX 1.6) are written by `python tests/guards/supply.py`; a
test fails when they are not current or a licence is unknown or not allowed. No package is under the GPL or AGPL. psycopg is under the
LGPL: it is loaded at run time, unchanged, can be replaced, and is needed with PostgreSQL only.

| Package | Version | Licence |
|---|---|---|
{rows}

## In the browser

Served by Mutualist itself; the texts of the licences are in
[LICENCES.txt](../src/mutualist/apps/core/static/core/vendor/LICENCES.txt).

| Package | Version | Licence |
|---|---|---|
{browser}

## Fonts

Instrument Sans, in the browser and in papers, is under the
[SIL Open Font License 1.1](../src/mutualist/reports/fonts/OFL.txt).

## Known weaknesses

`python tests/guards/supply.py --audit` asks the advisory service about every locked package (`pip-audit --strict`) and fails on a known
weakness as well as when it cannot ask. It needs the network and is no part of the tests; run it before each release.
"""


def audit() -> int:
    """Ask about known weaknesses; not having been able to ask is a failure."""
    command = [sys.executable, "-m", "pip_audit", "--strict", "--require-hashes", "--disable-pip"]
    done = subprocess.run([*command, "-r", str(LOCK)], capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="\n")
    if done.returncode == 0 and "No known vulnerabilities found" not in done.stdout + done.stderr:
        return 1
    return done.returncode


if __name__ == "__main__":
    if "--audit" in sys.argv:
        sys.exit(audit())
    SBOM.write_text(sbom(), encoding="utf-8")
    LICENCES.write_text(licences(), encoding="utf-8")
