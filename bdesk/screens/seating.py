"""What a desk does by itself on the errands' thread once the queue is painted; imported there, not before."""

from typing import TYPE_CHECKING

from bdesk.models.kinds import PersonState

if TYPE_CHECKING:
    from bdesk.models.views.health import Check
    from bdesk.operations.context import Context


def read_book(ctx: "Context") -> None:
    """Ask something of the book, so that it is read."""
    ctx.book.versions  # noqa: B018


def other_limits(ctx: "Context") -> str | None:
    """The version of this machine's limits where they are not those of the store."""
    from bdesk.operations.policies import others_here

    return others_here(ctx.store)


def clock_check(ctx: "Context") -> "Check":
    """Whether this machine's clock was set back."""
    from bdesk.data.health import clock_check as check

    return check(ctx.store)


def warm(_ctx: "Context") -> None:
    """Load what the first keys will need, so that none of them waits for an import."""
    import bdesk.screens.call.screen
    import bdesk.screens.case.screen
    import bdesk.screens.lookup.screen
    import bdesk.screens.restoring  # noqa: F401


def on_duty(ctx: "Context", state: PersonState) -> None:
    """The class's clock runs, and the person is what they chose to be meanwhile, else online."""
    from bdesk.operations.staff.people import set_state

    ctx.store.start_clock(ctx.actor.number)
    set_state(ctx, state)
