#!/bin/sh
# Write requirements.lock anew: exact pins with hashes for Python 3.11 to 3.13, development tools included,
# and no address of any package index. Run by `make lock`; needs uv.
set -eu

uv=$(command -v uv || echo .venv/bin/uv)
if ! [ -x "$uv" ]; then
    echo "bdesk: make lock needs uv. Install it, then run make lock again." >&2
    exit 1
fi
uv=$(cd "$(dirname "$uv")" && pwd)/$(basename "$uv")
top=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# In a folder of its own: uv leaves a lock file with addresses beside the project.
mkdir "$work/bdesk"
cp pyproject.toml README.md requirements.lock "$work/" 2>/dev/null || true
cp bdesk/__init__.py "$work/bdesk/"
cd "$work"
"$uv" export --quiet --no-emit-project --no-header --no-annotate --all-extras --all-groups \
    --format requirements-txt --output-file fresh.lock
if grep -q '://' fresh.lock; then
    echo "bdesk: the new lock carries addresses; it was not written" >&2
    exit 1
fi
mv fresh.lock "$top/requirements.lock"
