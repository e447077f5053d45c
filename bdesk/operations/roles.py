"""Whether the acting person may do a deed, asked by every operation before anything else (B0.1)."""

from bdesk.data.queries.standing_in import stands_in
from bdesk.models.kinds import Role
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.context import Context
from bdesk.rules import roles


def must_may(ctx: Context, deed: str) -> Role:
    """The role in which the deed is done. Raises NotAllowed with the deed's own code for any other role."""
    role = role_now(ctx)
    roles.check(role, deed)
    return role


def may(ctx: Context, deed: str) -> bool:
    """Whether the acting person may do a deed, or see a sight, now."""
    return roles.may(role_now(ctx), deed)


def role_now(ctx: Context) -> Role:
    """The role of the acting person, by the store and not by what their desk read when it was opened."""
    return in_role(ctx).role


def in_role(ctx: Context) -> ActorView:
    """The acting person in the role that is theirs now, or that they stand in for: by the store's time, which
    is the server's where several machines share one, and not by the clock of the machine they sit at."""
    with ctx.store.read() as session:
        found = stands_in(session, ctx.actor.id, ctx.store.now)
    return ctx.actor.acting(None) if found is None else ctx.actor.acting(found.role, found.until)
