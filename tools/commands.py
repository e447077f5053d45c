"""docs/commands.md from the commands themselves.

tools/commands.py write     write it again, after a command has changed
tools/commands.py check     exit 1 when it is not what the commands say
"""

import os
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

# Helps are looked up when a command's module is loaded: the language must stand before.
os.environ["BDESK_LANG"] = "en"

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bdesk.cli.commands import COMMANDS, Command  # noqa: E402
from bdesk.cli.group import load  # noqa: E402

PAGE = ROOT / "docs" / "commands.md"

HEAD = """# The command line

Written by `tools/commands.py write` from the commands themselves; a test keeps it current.

Every command that prints data takes `--json`: one document on stdout, instants in ISO 8601 with
offset, money in fen. An error is one line on stderr that says what to do. Exit 0: done, 1: refused
or not found, 2: wrong usage. `BDESK_STORE` names the store (`sqlite:////path/desk.db`,
`postgresql://host/name`), `BDESK_HOME` the folder for settings, drafts and own content. A real store
asks who you are; a training store takes `--as NUMBER` or `BDESK_AS`. The password of a server is never
an argument: `bdesk store password` keeps it, README says where else it is looked for.
"""


def page() -> str:
    """The whole page."""
    contents = [f"- [{entry.name}](#bdesk-{entry.name}): {entry.help}" for entry in COMMANDS]
    parts = [HEAD, "\n".join(contents), *("\n".join(_command(entry)) for entry in COMMANDS)]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _command(entry: Command) -> Iterator[str]:
    yield f"## bdesk {entry.name}"
    command = load(entry)
    if not entry.verbs:
        yield ""
        yield from _one(f"bdesk {entry.name}", command)
        return
    yield ""
    yield f"{entry.help}."
    yield from _verbs(f"bdesk {entry.name}", command)


def _verbs(path: str, command: Any) -> Iterator[str]:
    for name, verb in command.commands.items():
        if hasattr(verb, "commands"):
            yield from _verbs(f"{path} {name}", verb)
            continue
        yield ""
        yield f"### {path} {name}"
        yield ""
        yield from _one(f"{path} {name}", verb)


def _one(path: str, command: Any) -> Iterator[str]:
    yield " ".join((command.help or "").split())
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    usage = [path, *(one.metavar or one.name.upper() for one in arguments)]
    if options:
        usage.append("[OPTIONS]")
    yield ""
    yield f"    {' '.join(usage)}"
    rows = [*(_argument(one) for one in arguments), *(_option(one) for one in options)]
    if rows:
        yield ""
        yield from rows
    examples = [line for line in (command.epilog or "").splitlines() if line.startswith("  ")]
    if examples:
        yield ""
        yield "Examples:"
        yield ""
        yield from (f"  {line}" for line in examples)


def _argument(one: Any) -> str:
    return f"- `{one.metavar or one.name.upper()}`: {_said(one)}"


def _option(one: Any) -> str:
    names = ", ".join(f"`{name}`" for name in (*one.opts, *one.secondary_opts))
    kind = getattr(one, "bare_type", None)
    if isinstance(kind, type) and issubclass(kind, Enum):
        names += f" ({', '.join(str(member.value) for member in kind)})"
    return f"- {names}: {_said(one)}"


def _said(one: Any) -> str:
    text = " ".join((one.help or "").split())
    return f"{text} Required." if one.required and one.param_type_name == "option" else text


def main() -> int:
    wanted = page()
    if sys.argv[1:] == ["write"]:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    if sys.argv[1:] == ["check"]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == wanted:
            return 0
        sys.stderr.write("docs/commands.md is not what the commands say: run tools/commands.py write\n")
        return 1
    sys.stderr.write("tools/commands.py write | check\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
