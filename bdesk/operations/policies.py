"""The policies of a store: which limits count, and adopting others. B0.1: an administrator keeps settings."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bdesk.data.book.adopted import (
    adopt,
    adopted,
    digest_of,
    is_adopted,
    last_adoption,
    limits_source,
    version_of,
)
from bdesk.data.book.policies import parse_limits
from bdesk.data.book.texts import read
from bdesk.data.store import Store
from bdesk.models.views.changed import Changed
from bdesk.operations.context import Context
from bdesk.operations.roles import must_may


@dataclass(frozen=True, slots=True)
class LimitsState:
    """The limits in force, and the version of those in this desk's own book, by which nobody reckons unless
    they are the same."""

    version: str
    digest: str
    adopted_by: str
    adopted_at: datetime
    here: str
    same: bool


def adopt_limits(ctx: Context, path: Path | None = None) -> Changed:
    """Make a file the limits of the store: the one at `path`, else the one the book here holds.

    From its commit on every desk reckons with it, whatever its own book says. Only an admin may (B0.1), who
    decides no money by it. Raises NotAllowed("role.only_admin"), BadInput for a file that does not fit and
    ("policy.version_taken"). Adopting what is in force changes nothing: "policy.same".
    """
    must_may(ctx, "policies.adopt_limits")
    found = read(path) if path is not None else limits_source()
    version = version_of(parse_limits(found.text, found.name).version, found.text)
    with ctx.store.write(ctx.actor.number) as unit:
        if is_adopted(unit.session, found):
            return Changed(code="policy.same", params={"version": version})
        before = last_adoption(unit.session)
        adopt(unit, found)
        unit.commit()
    was = "" if before is None else before.payload["version"]
    return Changed(code="policy.adopted", params={"version": version, "was": was})


def limits_state(store: Store) -> LimitsState:
    """Which limits are in force, and whether this desk's own book holds others.

    Raises StoreProblem as `adopted` does, BadInput for an own file that does not read.
    """
    with store.read() as session:
        found = adopted(session)
    here = limits_source()
    version = version_of(parse_limits(here.text, here.name).version, here.text)
    same = digest_of(here.text) == found.digest
    return LimitsState(found.version, found.digest, found.by, found.at, version, same)


def others_here(store: Store) -> str | None:
    """The version in force when this desk's own book holds other limits, else None. Raises StoreProblem as
    `adopted` does."""
    with store.read() as session:
        found = adopted(session)
    return None if digest_of(limits_source().text) == found.digest else found.version
