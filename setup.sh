#!/bin/sh
# Makes .venv with the locked packages of requirements/$1.txt (base or dev); does nothing when it is current.
set -eu
cd "$(dirname "$0")"
want=${1:-base}
# A clone that once had the tests' tools keeps them: syncing the smaller set would take them away again.
[ "$want" = base ] && [ -f .venv/.synced-dev ] && want=dev
[ -x .venv/bin/uv ] || { python3 -m venv .venv && .venv/bin/python -m pip install --quiet --disable-pip-version-check uv; }
cmp -s "requirements/$want.txt" ".venv/.synced-$want" || {
  .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "requirements/$want.txt"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
  cp "requirements/$want.txt" ".venv/.synced-$want"
}
.venv/bin/python -m mutualist.project.translations
