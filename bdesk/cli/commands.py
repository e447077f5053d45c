"""The commands, as a table that costs nothing to read: `bdesk --help` loads no command's module.

To add a command: write `bdesk/cli/<module>.py` with `app = new_app()` and one `@app.command()` (or
several, for a command with verbs), then add a row here. Its imports of operations, data or the app go
inside its functions. Refusals are raised as DeskError: `main` says them and sets the exit code. Give
`--json` to what prints data and `epilog=examples(...)` to every command. CONTRIBUTING.md has more.
"""

from dataclasses import dataclass

from bdesk.i18n import N_


@dataclass(frozen=True, slots=True)
class Command:
    """`help` is a msgid of one line. `verbs`: the module holds several commands (`bdesk store backup`)."""

    name: str
    module: str
    help: str
    verbs: bool = False


# What plain `bdesk` runs.
DEFAULT = "open"

COMMANDS: tuple[Command, ...] = (
    Command("open", "bdesk.cli.open", N_("The desk itself; plain bdesk opens it")),
    Command("demo", "bdesk.cli.demo", N_("Try the desk on an invented shop")),
    Command("queue", "bdesk.cli.queue", N_("What waits, by section")),
    Command("case", "bdesk.cli.case", N_("Where a case stands; what supervisors do with it"), verbs=True),
    Command("order", "bdesk.cli.order", N_("The order card")),
    Command("find", "bdesk.cli.find", N_("Find a case, an order, a customer")),
    Command("call", "bdesk.cli.call", N_("Calls: let one ring at a desk"), verbs=True),
    Command(
        "approval",
        "bdesk.cli.approval",
        N_("Requests to a second person: list, decide, ask risk, pass on"),
        verbs=True,
    ),
    Command("task", "bdesk.cli.task", N_("Questions to other departments: list, answer"), verbs=True),
    Command("promise", "bdesk.cli.promise", N_("What somebody promised for today: list"), verbs=True),
    Command("evidence", "bdesk.cli.evidence", N_("Material that arrives: add, look"), verbs=True),
    Command("pack", "bdesk.cli.pack", N_("The evidence pack of a case as one file")),
    Command("message", "bdesk.cli.message", N_("What customers write: receive, settle"), verbs=True),
    Command(
        "verification",
        "bdesk.cli.verification",
        N_("Checks of identity: a code's result, void failures"),
        verbs=True,
    ),
    Command("target", "bdesk.cli.target", N_("Another refund target that a customer registered")),
    Command("sweep", "bdesk.cli.sweep", N_("Do what is due by itself, now")),
    Command("clock", "bdesk.cli.clock", N_("When a clock is due, and why; extend, promise"), verbs=True),
    Command("keys", "bdesk.cli.keys", N_("The keys of the desk and how to move them")),
    Command("procedure", "bdesk.cli.procedure", N_("Procedures: draw, check, cover"), verbs=True),
    Command(
        "announce", "bdesk.cli.announce", N_("What everybody is told at the door: add, list, end"), verbs=True
    ),
    Command("policy", "bdesk.cli.policy", N_("Whose limits count in the store: show, adopt"), verbs=True),
    Command("seed", "bdesk.cli.seed", N_("Make a training store")),
    Command("import", "bdesk.cli.importing", N_("Bring in orders, customers, products, wallets, cases")),
    Command("init", "bdesk.cli.init", N_("Make a store of your own, with its first people")),
    Command(
        "staff",
        "bdesk.cli.staff",
        N_("Who works here: add, list, disable, reset, sign out"),
        verbs=True,
    ),
    Command("journal", "bdesk.cli.journal", N_("What was written down: check it, erase a text"), verbs=True),
    Command(
        "store", "bdesk.cli.store", N_("The store: migrate, back up, restore, describe, password"), verbs=True
    ),
    Command("doctor", "bdesk.cli.doctor", N_("What could be wrong here")),
)

BY_NAME = {command.name: command for command in COMMANDS}
