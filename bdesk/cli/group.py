"""The root command: it lists every command from the table and loads only the one that runs."""

from collections.abc import Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from bdesk import __version__
from bdesk.cli.commands import BY_NAME, COMMANDS, DEFAULT, Command
from bdesk.cli.output import new_app
from bdesk.errors import BadInput
from bdesk.i18n import _

# What the root command takes itself; any other option belongs to the desk that plain `bdesk` opens.
OWN_OPTIONS = {"--help", "-h", "--version"}


def load(entry: Command) -> Any:
    """Import a command's module and build the command."""
    app = import_module(entry.module).app
    command = get_group(app) if entry.verbs else get_command(app)
    command.name = entry.name
    return command


class Listed(TyperCommand):
    """A command as the list of commands shows it; the real one is loaded when it is to run."""

    def __init__(self, entry: Command) -> None:
        super().__init__(name=entry.name, help=_(entry.help), rich_markup_mode=None)
        self.entry = entry

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        return load(self.entry).make_context(info_name, args, parent=parent, **extra)


class Root(TyperGroup):
    """The group of all commands of the table."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [entry.name for entry in COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        entry = BY_NAME.get(cmd_name)
        return Listed(entry) if entry is not None else None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in BY_NAME:
            like = get_close_matches(args[0], BY_NAME, n=1)
            if like:
                raise BadInput("usage.command_like", name=args[0], like=like[0])
            raise BadInput("usage.command", name=args[0])
        return super().resolve_command(ctx, args)


def _build() -> Any:
    app = new_app(cls=Root, help=_("A terminal desk for hotline agents. Plain `bdesk` opens it."))

    @app.callback()
    def root(
        version: Annotated[
            bool, typer.Option("--version", is_eager=True, callback=_version, help=_("Show the version."))
        ] = False,
    ) -> None:
        # Nothing of its own to do: the options above and the commands do it all.
        del version

    return get_command(app)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"bdesk {__version__}")
        raise typer.Exit


def run(arguments: Sequence[str]) -> int:
    """Parse and run; returns the exit code. DeskError passes through; wrong usage becomes BadInput."""
    arguments = list(arguments)
    own = bool(arguments) and (not arguments[0].startswith("-") or arguments[0] in OWN_OPTIONS)
    if not own:
        arguments = [DEFAULT, *arguments] if DEFAULT in BY_NAME else ["--help"]
    try:
        result = _build().main(args=arguments, prog_name="bdesk", standalone_mode=False)
    except typer.TyperException as error:
        raise _usage(error) from None
    except typer.Abort:
        return 130
    # Without its standalone mode Typer returns the code of an Exit, or what the command returned.
    return result if isinstance(result, int) and not isinstance(result, bool) else 0


def _usage(error: typer.TyperException) -> BadInput:
    """Typer's complaint as one line. Its classes are private, so they are told apart by name."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "bdesk"
    kind = type(error).__name__
    parameter = getattr(error, "param", None)
    if kind == "MissingParameter" and parameter is not None:
        return BadInput("usage.missing", name=parameter.get_error_hint().replace("'", ""), command=command)
    if kind == "NoSuchOption":
        return BadInput("usage.option", name=getattr(error, "option_name", ""), command=command)
    return BadInput("usage.other", problem=error.format_message().rstrip("."), command=command)
