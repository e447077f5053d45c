#!/bin/sh
# Make .venv and install the pinned packages and bdesk itself into it. Run by `make setup`.
set -eu

say() { echo "bdesk: $*" >&2; }

suits() {
    # A shim that names a version which is not installed answers too, so it is run, not looked for.
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

python=
for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if suits "$name"; then python=$name; break; fi
done

if command -v uv >/dev/null 2>&1; then
    [ -x .venv/bin/python ] || uv venv --quiet --python "${python:->=3.11,<3.14}" .venv
    say "installing the pinned packages with uv"
    uv pip install --quiet --python .venv/bin/python --require-hashes -r requirements.lock
    uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e .
else
    if ! [ -x .venv/bin/python ]; then
        if [ -z "$python" ]; then
            say "Python 3.11, 3.12 or 3.13 is needed. Install it (Debian: sudo apt install python3 python3-venv) or install uv, then run make again."
            exit 1
        fi
        if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
            say "the venv module of $python is missing. Install it (Debian: sudo apt install python3-venv) or install uv, then run make again."
            exit 1
        fi
        "$python" -m venv .venv
    elif ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
        say "the .venv here was made without pip. Remove it (rm -r .venv) or install uv, then run make again."
        exit 1
    fi
    say "installing the pinned packages with pip"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
fi
