#!/usr/bin/env bash
# The engines that our cards are measured against, into the folder $1; $2 is the Python that is to
# see skia. An engine that cannot be had is left out, and the benchmark says so. Chromium itself is
# the system's: apt-get install chromium, or CHROMIUM=/path/to/it.
set -u

node_engine() {
  test -d "$engines/$1/node_modules" || npm install --silent --no-save --ignore-scripts \
    --prefix "$engines/$1" "${@:2}" || echo "No $1: npm could not install ${*:2}." >&2
}

engines=$1
mkdir -p "$engines"
if command -v npm >/dev/null; then
  node_engine takumi @takumi-rs/core@2.16.3
  node_engine sharp sharp@0.34.5
  node_engine satori satori@0.63.2 @resvg/resvg-js@2.6.2
  node_engine chromium puppeteer-core@24.43.1 # 25 wants Node 22
else
  echo "No takumi, satori and chromium: they need Node 20 and npm." >&2
fi
test -d "$engines/skia/skia_python-144.1.dist-info" || "$2" -m pip install --quiet \
  --disable-pip-version-check --target "$engines/skia" --upgrade skia-python==144.1 ||
  echo "No skia: pip could not install skia-python." >&2
