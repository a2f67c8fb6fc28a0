#!/bin/sh
# Copies the browser files Mutualist serves itself, with their licences.
# Run after changing package.json: cd vendor && npm ci && sh copy.sh
set -eu
cd "$(dirname "$0")"
to=../src/mutualist/apps/core/static/core/vendor
tests=../tests/journeys/static
mkdir -p "$to/fonts" "$tests"

cp node_modules/htmx.org/dist/htmx.min.js "$to/htmx.min.js"
cp node_modules/vega/build/vega.min.js "$to/vega.min.js"
cp node_modules/vega-lite/build/vega-lite.min.js "$to/vega-lite.min.js"
# vega-embed bundles vega-interpreter, which it uses with the option `ast: true`;
# that keeps the content security policy free of unsafe-eval.
cp node_modules/vega-embed/build/vega-embed.min.js "$to/vega-embed.min.js"
for subset in latin latin-ext; do
  for face in normal italic; do
    cp "node_modules/@fontsource-variable/instrument-sans/files/instrument-sans-$subset-wght-$face.woff2" "$to/fonts/"
  done
done
cp node_modules/axe-core/axe.min.js "$tests/axe.min.js"
cp node_modules/axe-core/LICENSE "$tests/axe.LICENSE"

# Source maps are not shipped, so their pointers must go: static storage would look for the files.
for file in "$to"/*.min.js; do
  sed -i.bak '/^\/\/# sourceMappingURL=/d' "$file" && rm "$file.bak"
done

{
  echo "Licences of the browser files in this folder and of what is bundled into them."
  for licence in $(find node_modules -name 'LICENSE*' -type f | grep -v axe-core | sort); do
    package=$(dirname "$licence")
    version=$(sed -n 's/^  "version": "\(.*\)".*/\1/p' "$package/package.json")
    printf '\n%s\n%s %s\n%s\n\n' "----" "${package##*node_modules/}" "$version" "----"
    cat "$licence"
  done
} > "$to/LICENCES.txt"
