"""Who stays signed in on which store, by number: so that no keyring is asked where nothing was kept.

The file holds no secret; the token itself lies in the keyring only.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from bdesk import paths
from bdesk.errors import StoreProblem


def number_kept(store_id: str) -> str | None:
    """Who was kept signed in here last; None for nobody, or where the file cannot be read."""
    return _all().get(store_id)


def remember(store_id: str, number: str | None) -> None:
    """They are kept from now on; None: nobody. A disk that refuses costs a question at the next start."""
    kept = {key: value for key, value in _all().items() if key != store_id}
    if number is not None:
        kept[store_id] = number
    with suppress(OSError, StoreProblem):
        path = _path()
        draft = path.with_suffix(".new")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        os.replace(draft, path)


def key_of(store_id: str, number: str) -> str:
    """Under what the keyring keeps the token."""
    return f"{store_id}:{number}"


def _path() -> Path:
    return paths.home() / "kept.json"


def _all() -> dict[str, str]:
    try:
        kept = json.loads(_path().read_text("utf-8"))
    except (OSError, ValueError, StoreProblem):
        return {}
    if not isinstance(kept, dict):
        return {}
    return {key: value for key, value in kept.items() if isinstance(value, str)}
