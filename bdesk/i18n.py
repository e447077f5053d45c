"""The two languages of the desk: gettext over the packaged catalogues, English texts as msgids.

A catalogue that is missing or unreadable leaves the English text; nothing fails for want of one.
"""

import gettext
import io
import os
from functools import cache

from bdesk.errors import BadInput

LANGUAGES = ("zh", "en")
DOMAIN = "bdesk"
_FOLDERS = {"zh": "zh_CN"}

_chosen: str | None = None


def default_language() -> str:
    """The language of the environment: BDESK_LANG, else the first locale variable that is set."""
    for name in ("BDESK_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def language() -> str:
    """The language in use, "zh" or "en"; that of the environment until one is set."""
    return _chosen if _chosen is not None else default_language()


def set_language(name: str | None) -> None:
    """Use a language from now on; None goes back to the environment's. Raises BadInput for others."""
    global _chosen
    if name is not None and name not in LANGUAGES:
        raise BadInput("language.unknown", language=name, allowed=LANGUAGES)
    _chosen = name


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    folder = _FOLDERS.get(name)
    if folder is None:
        return gettext.NullTranslations()
    from importlib import resources  # English needs no catalogue, and this import costs 4 ms

    # Reached from the top package: importing bdesk.data here would turn the layers upside down.
    path = resources.files("bdesk").joinpath("data", "book", "locales", folder, "LC_MESSAGES", f"{DOMAIN}.mo")
    try:
        return gettext.GNUTranslations(io.BytesIO(path.read_bytes()))
    except (OSError, ValueError):
        return gettext.NullTranslations()


def translate(name: str, msgid: str, **params: object) -> str:
    """`_` in a named language, whatever the one in use: for what a customer reads."""
    # gettext keeps the catalogue's header under the empty msgid.
    text = _catalogue(name).gettext(msgid) if msgid else ""
    return text.format(**params) if params else text


def _(msgid: str, **params: object) -> str:
    """The text in the language in use, with `{name}` places filled from `params`."""
    return translate(language(), msgid, **params)


def N_(msgid: str) -> str:
    """Mark a text for translation where it is written, to be looked up later with `_`."""
    return msgid


def pick(zh: str, en: str) -> str:
    """The one of two texts that is in the language in use, for content that carries both."""
    return zh if language() == "zh" else en
