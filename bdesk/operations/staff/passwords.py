"""Passwords: what may be one, and its argon2id hash (MEASURED.md: 19 MiB, t=2, p=1)."""

from functools import cache
from typing import TYPE_CHECKING

from bdesk.errors import BadInput

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 128
"""What the field at the door takes: a longer one could never be typed there."""

NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$dtTLgjZvPugnrAZSBf9PjQ$C2ajHHSewS+LZwSyhk9O+UOneLVEJY7Nqwn3MAToqn0"
"""Compared when there is no such person, so that the time taken tells nothing. It is kept ready: the first
wrong number of a process would cost two hashes else. Nobody knows what it is made of."""

_WIDE = (("\u2e80", "\u9fff"), ("\uac00", "\ud7af"), ("\uf900", "\ufaff"), ("\uff00", "\uffef"))
_CHINESE_MARKS = frozenset("“”‘’…—·")


@cache
def hasher() -> "PasswordHasher":
    """With the settings of today; a hash of others is renewed at the next sign-in."""
    # Finding who works here needs no passwords: a training desk opens without them.
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Argon2id hash. Raises BadInput for a short password (eight characters) or one with Han in it,
    which is an input method left on (UX, Sign-in)."""
    check_password(password)
    return hasher().hash(password)


def check_password(password: str) -> None:
    """Raises what `hash_password` raises, before anything else is asked or made."""
    if has_han(password):
        raise BadInput("password.han")
    if len(password) < SHORTEST_PASSWORD:
        raise BadInput("password.short", shortest=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise BadInput("password.long", longest=LONGEST_PASSWORD)


def has_han(text: str) -> bool:
    """Whether a text holds what only an input method types: CJK characters, full-width letters and digits,
    the punctuation of its Chinese mode."""
    return any(
        any(first <= char <= last for first, last in _WIDE) or char in _CHINESE_MARKS or ord(char) >= 0x20000
        for char in text
    )


def matches(known: str, password: str) -> bool:
    """Whether a password is the one that a hash was made of."""
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return hasher().verify(known, password)
    except (VerificationError, InvalidHashError):
        return False
