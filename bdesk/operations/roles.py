"""Whether the acting person may do a deed, asked by every operation before anything else (B0.1)."""

from bdesk.models.kinds import Role
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
    """The role of the acting person."""
    return ctx.actor.role
