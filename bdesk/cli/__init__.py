"""The command line: what it prints when things go wrong, and its exit codes.

0 done, 1 refused or not found, 2 wrong usage. An error is one line on stderr that says what to do.
"""

import os
import sys
from collections.abc import Sequence

from bdesk.errors import BadInput, DeskError
from bdesk.i18n import _, set_language
from bdesk.paths import settings_path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; the entry point of `bdesk`."""
    from bdesk.cli.sitting import desk_options, open_at

    given = sys.argv[1:] if arguments is None else arguments
    _speak_utf8()
    _use_own_language()
    try:
        plain = desk_options(given)
        if plain is not None:
            return open_at(*plain)
        from bdesk.cli.group import run

        return run(given)
    except BadInput as error:
        return _refuse(error, 2)
    except DeskError as error:
        return _refuse(error, 1)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader left (`bdesk queue | head`). Python would complain once more while it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _crash(error)


def say_error(line: str) -> None:
    """One line on stderr, harmless to a terminal: it may tell what stood in somebody's file."""
    from bdesk.text import clean

    sys.stderr.write(f"bdesk: {clean(line)}\n")


def _refuse(error: DeskError, code: int) -> int:
    from bdesk.speech import speak_error

    say_error(speak_error(error))
    return code


def _crash(error: Exception) -> int:
    if os.environ.get("BDESK_TRACEBACK"):
        raise error
    from bdesk.log import record

    try:
        path = record(error)
    except (DeskError, OSError):
        say_error(
            _("Something unexpected happened ({kind}), and the log could not be written.", kind=_kind(error))
        )
    else:
        say_error(_("Something unexpected happened ({kind}). It is in {path}.", kind=_kind(error), path=path))
    return 1


def _kind(error: Exception) -> str:
    # Never the message: it can carry a customer's words or a password.
    return type(error).__name__


def _use_own_language() -> None:
    """The language of the person's settings, unless BDESK_LANG names one."""
    # Most people have no settings, and reading them costs a TOML parser and the key map.
    if os.environ.get("BDESK_LANG") or not settings_path().exists():
        return
    from bdesk import settings

    try:
        set_language(settings.load().language)
    except DeskError:
        # Commands that need the settings say what is wrong with them; the others must go on working.
        set_language(None)


def _speak_utf8() -> None:
    """Output in UTF-8 whatever the locale: a Latin-1 or GB18030 one would break Chinese half-way."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")
