"""What an appeal contests, and who had a hand in it before."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class ContestedView:
    """What lies before the present level of an appeal: in the cases it follows, in this case before it became
    an appeal, and at its earlier levels.

    `touched` are staff numbers: who decided there, asked for or decided an approval, or sent something to the
    customer or on its way; there, in what was merged into any of them, and in other decided cases of the same
    order, or of the same customer where no order or no decision is named (docs/decisions/0030).

    `decided_by` took the newest of the decisions before, at `decided_at`. `appeals`: how many of them were
    levels of an appeal. `raised_at`: when what was decided in this case was contested; None where nothing
    was, so that the appeal came with the case. `extensions` of its last date at this level. `talks`: contacts
    on the cases before. `result_letters`: letters with a result written since the newest decision of this
    level, by their ids.
    """

    touched: frozenset[str] = frozenset()
    decided_by: str | None = None
    decided_at: datetime | None = None
    appeals: int = 0
    raised_at: datetime | None = None
    extensions: int = 0
    talks: int = 0
    result_letters: tuple[int, ...] = ()
