"""A letter of the book."""

from dataclasses import dataclass

from bdesk.rules.walk.values import LetterSpec, Text


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter with its words. `sms` is sent where there is no e-mail, if it differs from the body."""

    spec: LetterSpec
    version: int
    channels: tuple[str, ...]
    decision: bool
    subject: Text | None
    body: Text
    sms: Text | None
    realises: tuple[str, ...]
    digest: str
