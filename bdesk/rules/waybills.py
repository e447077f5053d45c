"""Waybills of the carriers that customers send goods back with: how a number is written, and whose it looks.

Source: law file 5. Formats change without notice, so a number is never refused for its looks: the desk asks.
"""

import re
import unicodedata
from typing import Final

CARRIERS: Final = ("sf", "zto", "yto", "sto", "yunda", "jt", "jd", "ems", "deppon")
"""Codes of the carriers whose numbers are known by sight; the choice of the field has one more, other."""

_OWN: Final = {
    "sf": r"SF\d{13}",
    "zto": r"7[358]\d{12}",
    "yto": r"YT\d{8,20}|88\d{16}",
    "sto": r"77\d{13}",
    "yunda": r"[34]\d{14}",
    "jt": r"JT\d{13}",
    "jd": r"JD[A-Z0-9]{11,15}",
    "ems": r"[A-Z]{2}\d{9}CN|1[01]\d{11}|98\d{11}",
    "deppon": r"DPK\d{12}",
}
"""What only this carrier writes."""

_SHARED: Final = {
    "sf": r"\d{12}",
    "zto": r"\d{12,14}",
    "sto": r"\d{12,13}",
    "yunda": r"\d{13}|\d{15}",
    "deppon": r"\d{8,10}",
}
"""What this carrier writes too: digits alone tell nobody whose they are."""

_BETWEEN: Final = re.compile(r"[\s\-_./]+")
_TOKEN: Final = re.compile(r"[A-Z0-9]{8,24}")


def normalise(typed: str) -> str:
    """A number as it is kept: full-width signs made plain, no blanks or dashes, capitals."""
    text = typed
    while True:
        plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
        if plain == text:
            return plain
        # What is left by one look (an accent without its letter, say) may be written plainer still.
        text = plain


def fits(carrier: str, waybill: str) -> bool | None:
    """Whether a normalised number is one of this carrier's; None for a carrier that is not known by sight."""
    if carrier not in _OWN:
        return None
    shared = _SHARED.get(carrier)
    return _matches(_OWN[carrier], waybill) or (shared is not None and _matches(shared, waybill))


def looks_like(waybill: str) -> tuple[str, ...]:
    """The carriers whose number it looks like: who alone writes so, else all who write so too."""
    own = tuple(code for code, pattern in _OWN.items() if _matches(pattern, waybill))
    return own or tuple(code for code, pattern in _SHARED.items() if _matches(pattern, waybill))


def found_in(words: str) -> tuple[str, str] | None:
    """The carrier and the number in somebody's words, where they hold exactly one that is known by sight."""
    text = unicodedata.normalize("NFKC", words).upper()
    seen = dict.fromkeys(_TOKEN.findall(text))
    known = [(owners[0], token) for token in seen if len(owners := _owners(token)) == 1]
    return known[0] if len(known) == 1 else None


def _owners(waybill: str) -> tuple[str, ...]:
    return tuple(code for code, pattern in _OWN.items() if _matches(pattern, waybill))


def _matches(pattern: str, waybill: str) -> bool:
    return re.fullmatch(pattern, waybill, re.ASCII) is not None
