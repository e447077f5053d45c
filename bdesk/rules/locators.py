"""Whether the address of a piece of evidence may be handed to a viewer. It came from a customer or a shop."""

import re
from typing import Final
from urllib.parse import urlsplit

from bdesk.text import clean

SCHEMES: Final = frozenset({"http", "https"})
TYPES: Final = frozenset(
    {
        "jpg", "jpeg", "png", "gif", "webp", "heic", "heif", "bmp", "tif", "tiff", "pdf",
        "mp4", "m4v", "mov", "webm", "avi", "3gp", "mp3", "m4a", "wav", "amr", "aac", "ogg",
    }
)  # fmt: skip
"""Endings of files that show or play something and run nothing."""

# What no address needs and some viewer, or a script in its place, may take for an order.
_ODD: Final = re.compile(r"[\s\"'`$;|<>\\^{}]")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")


def locator_fault(address: str) -> str | None:
    """Why an address must not be opened, as a code; None for a web address and a file of a known type.

    "locator.option" would be read as one, "locator.odd" holds characters no address needs, "locator.scheme"
    is neither http nor https, "locator.type" a file that may be anything.
    """
    if address.startswith("-"):
        return "locator.option"
    if not address or _ODD.search(address) or clean(address) != address:
        return "locator.odd"
    if _SCHEME.match(address):
        return _web_fault(address)
    if address.startswith("//"):
        return "locator.scheme"
    name = address.rpartition("/")[2]
    return None if "." in name and name.rpartition(".")[2].lower() in TYPES else "locator.type"


def _web_fault(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return "locator.odd"
    if parts.scheme.lower() not in SCHEMES:
        return "locator.scheme"
    # A name before the host makes another one look like ours.
    return "locator.odd" if not host or "@" in parts.netloc else None
