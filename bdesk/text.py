"""What is done to text wherever it enters the store, is compared as a key, or is shown."""

import re
import unicodedata

# Written out rather than asked of `unicodedata`, so that every Python gives the same answer.
_UNWANTED = re.compile(
    "["
    "\x00-\x09\x0b-\x1f\x7f-\x9f"  # C0 and C1 controls, ESC among them: they drive the terminal
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u3164\uffa0"  # soft hyphen, joiners, invisible fillers
    "\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd"  # prepended marks: no cell of their own
    "\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"  # zero-width, bidi controls
    "\ufe00-\ufe0f\ufeff\ufff9-\uffff"  # variation selectors, BOM, annotations, non-characters
    "\u20e3\U0001f3fb-\U0001f3ff"  # keycaps and skin tones: the cell count breaks on them
    "\U00013430-\U0001345f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # format controls of rare scripts
    "\U000e0000-\U000e0fff"  # tag characters and more variation selectors: hidden text
    "\ud800-\udfff"  # lone surrogates: no file or terminal can take them
    "]"
)
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BLANKS = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f]")
_KEY_FILLER = re.compile(r"[\s\-\u2010-\u2015\u2212\u3030\ufe58\ufe63\uff0d]+")


def clean(text: str, *, multiline: bool = False) -> str:
    """The text without anything that could drive, reorder or misalign a terminal; in NFC.

    Tabs and odd blanks become a space. Line ends become a space too, or "\\n" with `multiline`. Blanks
    are not trimmed. Applied where text enters the store and again where it is shown; twice gives the
    same as once. Source: MEASURED, "Terminal, Chinese, Textual".
    """
    text = _LINE_ENDS.sub("\n" if multiline else " ", text)
    text = _BLANKS.sub(" ", text)
    return unicodedata.normalize("NFC", _UNWANTED.sub("", text))


def normalise_key(text: str) -> str:
    """An order, case or parcel number as it is kept: ASCII forms, upper case, no blanks or hyphens.

    So ` ｂｔ２０２６-７７４１ ` finds BT20267741. Anything may be typed; nothing is refused here.
    """
    folded = unicodedata.normalize("NFKC", clean(text)).upper()
    folded = unicodedata.normalize("NFKC", clean(folded))
    return unicodedata.normalize("NFC", _KEY_FILLER.sub("", folded))


def yuan(fen: int) -> str:
    """An amount of fen as yuan with two decimals and thousands marked: 231050 gives "2,310.50"."""
    whole, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{rest:02d}"
