"""Staying signed in on this machine: the token in its keyring, the digest in the store, both or neither.

No keyring is asked while the store is being written: it may take three seconds (bdesk.secrets.keyrings).
"""

from bdesk.data.store import Store
from bdesk.errors import NotAllowed
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.staff import stays
from bdesk.secrets import keyrings
from bdesk.secrets.kept import key_of, number_kept, remember
from bdesk.secrets.keyrings import State
from bdesk.secrets.machine import this_machine

REASONS = {state: f"stay.{state.value}" for state in State} | {State.LOCKED: "stay.locked_keyring"}
"""Why nobody is kept signed in here, in one line each: codes that are spoken."""


def whether_here(store: Store) -> State | None:
    """What the keyring of this machine is good for; None in a training store, which keeps nobody."""
    return None if store.training else keyrings.look().state


def keep_here(store: Store, actor: ActorView) -> State:
    """Keep somebody signed in on this machine. Anything but USABLE: they are not, and why."""
    if store.training:
        return State.NONE
    found = keyrings.look()
    if found.state is not State.USABLE:
        return found.state
    before = number_kept(store.info.store_id)
    made = stays.issue(store, actor, this_machine())
    found = keyrings.keep(key_of(store.info.store_id, actor.number), made.token)
    if found.state is State.USABLE:
        remember(store.info.store_id, actor.number)
        if before is not None and before != actor.number:
            keyrings.forget(key_of(store.info.store_id, before))
    else:
        # A keyring that took it after all keeps what is worth nothing.
        stays.end_here(store, actor, this_machine())
    return found.state


def come_back_here(store: Store, number: str | None = None) -> ActorView | None:
    """Who stayed signed in on this machine; None where nobody did, or not this `number`.

    Raises NotAllowed: stay.over, stay.locked, sign_in.wait, and stay.<state> where the keyring does not tell.
    """
    kept = None if store.training else number_kept(store.info.store_id)
    if kept is None or (number is not None and number != kept):
        return None
    key = key_of(store.info.store_id, kept)
    found = keyrings.read(key)
    if found.state is not State.USABLE:
        raise NotAllowed(REASONS[found.state])
    if found.secret is None:
        remember(store.info.store_id, None)
        raise NotAllowed("stay.over")
    try:
        return stays.come_back(store, kept, found.secret, this_machine())
    except NotAllowed as refused:
        if refused.code == "stay.over":
            remember(store.info.store_id, None)
            keyrings.forget(key)
        raise


def forget_here(store: Store, actor: ActorView) -> None:
    """Signed out: the store lets nobody in by it from now on, and the keyring forgets it.

    Raises what writing raises; what the keyring refuses makes no difference.
    """
    if number_kept(store.info.store_id) != actor.number:
        return
    try:
        stays.end_here(store, actor, this_machine())
    finally:
        remember(store.info.store_id, None)
        keyrings.forget(key_of(store.info.store_id, actor.number))


def is_kept_here(store: Store, actor: ActorView) -> bool:
    """Whether this person stays signed in on this machine, as far as it remembers."""
    return not store.training and number_kept(store.info.store_id) == actor.number


def who_was_here(store: Store) -> str:
    """The number to begin with at the door; empty where nobody was kept."""
    return number_kept(store.info.store_id) or ""
