#!/bin/sh
# Makes .venv with the locked packages of requirements/$1.txt (base or dev); does nothing when it is current.
set -eu
cd "$(dirname "$0")"
want=${1:-base}
# A clone that once had the tests' tools keeps them: syncing the smaller set would take them away again.
[ "$want" = base ] && [ -f .venv/.synced-dev ] && want=dev
# Made by a Python that is gone, or stopped half way: make it anew.
[ -x .venv/bin/uv ] && .venv/bin/python -c "" 2>/dev/null || {
  python3 -m venv --clear .venv
  .venv/bin/python -m pip install --quiet --disable-pip-version-check uv
}
# Where the folder is counts, too: commands and the link to the sources hold its path.
current() { pwd -P | cat - "requirements/$want.txt"; }
current | cmp -s - ".venv/.synced-$want" || {
  .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes "requirements/$want.txt"
  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation --editable .
  current > ".venv/.synced-$want"
}
.venv/bin/python -m mutualist.project.translations
