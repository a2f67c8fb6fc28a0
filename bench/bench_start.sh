#!/bin/sh
# Prints the seconds from `./run` on a fresh clone to the first page, package download included.
set -eu
source=$(cd "$(dirname "$0")/.." && pwd)
folder=$(mktemp -d)
port=${1:-8123}
git clone --quiet "$source" "$folder/mutualist"
cd "$folder/mutualist"
begin=$(date +%s.%N)
MUTUALIST_DATA="$folder/data" MUTUALIST_BASE_URL="http://127.0.0.1:$port" ./run --port "$port" >"$folder/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
until python3 -c "import urllib.request as r; r.urlopen('http://127.0.0.1:$port/', timeout=2)" 2>/dev/null; do
  kill -0 $server || { cat "$folder/log"; exit 1; }
  sleep 0.2
done
end=$(date +%s.%N)
python3 -c "print(f'fresh clone to first page: {$end - $begin:.1f} s')"
