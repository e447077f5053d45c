"""What a procedure may speak about: values of facts, and the registries its content is checked against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import Final

from bdesk.i18n import language


class Unknown(Enum):
    """The value of a fact that cannot be told. Neither true nor false, and never None."""

    UNKNOWN = "unknown"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown.UNKNOWN

# None is a value that is known to be nothing: a customer without an e-mail address.
FactValue = bool | int | str | datetime | date | tuple[str, ...] | None | Unknown
GivenValue = bool | int | str | date | tuple[str, ...]
Facts = Mapping[str, FactValue]
Given = Mapping[str, GivenValue]

GIVEN: Final = "given."
"""Guards and texts reach what was answered under this prefix; everything else is a fact."""

NOTHING: Final[Mapping[str, GivenValue]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of content in both languages; `{name}` places are filled from facts and answers."""

    zh: str
    en: str

    def __bool__(self) -> bool:
        return bool(self.zh or self.en)

    def get(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def __str__(self) -> str:
        return self.get(language())


class FactType(StrEnum):
    BOOL = "bool"
    INT = "int"
    MONEY = "money"
    TEXT = "text"
    CODE = "code"
    CODES = "codes"
    DATE = "date"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """The contract of one fact. `unit` follows numbers on the screen; `values` is closed for codes.

    `hidden`: its value is written as **** for now, since it could serve as a factor (UX, Words).
    """

    name: str
    type: FactType
    label: Text
    meaning: str = ""
    unit: str = ""
    absent: bool = False
    values: Mapping[str, Text] = field(default_factory=dict)
    hidden: bool = False


class Risk(StrEnum):
    """How much an effect binds: the desk's own rows, a message to the customer, or money."""

    RECORD = "record"
    MESSAGE = "message"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class ParamSpec:
    """A parameter of an effect: a fact type or a kind of name (`clock`, `letter`, `group` ...)."""

    name: str
    type: str
    required: bool
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EffectSpec:
    """What an effect needs to be told. `moves` marks record effects after which a case is not as it was."""

    name: str
    risk: Risk
    params: tuple[ParamSpec, ...]
    meaning: str = ""
    limit: str | None = None
    letter: bool = False
    moves: bool = False

    @property
    def binding(self) -> bool:
        """Whether an answer with this effect closes the way back to the steps before it."""
        return self.moves or self.risk is not Risk.RECORD


@dataclass(frozen=True, slots=True)
class SlotSpec:
    """A place in a letter: its type, and the fact that fills it unless the effect says otherwise."""

    name: str
    type: FactType
    source: str | None = None


@dataclass(frozen=True, slots=True)
class LetterSpec:
    """A letter as far as procedures need to know it."""

    code: str
    slots: tuple[SlotSpec, ...]
    title: Text = Text("", "")


@dataclass(frozen=True, slots=True)
class Known:
    """Everything content may name. `check` refuses what is not in here.

    `documented` maps the id of each documented fact to its kind (rule, step, limit ...); `rejects` and
    `groups` are closed lists of codes; `banned` are phrases no text may hold (law and practice, 12).
    `settings` names what a kind of clock may be told; one that is not in it takes anything. `tasks`: the
    departments that may be asked, by what they are asked for.
    """

    facts: Mapping[str, FactSpec]
    effects: Mapping[str, EffectSpec]
    letters: Mapping[str, LetterSpec]
    clocks: frozenset[str]
    documented: Mapping[str, str]
    kinds: frozenset[str]
    outcomes: frozenset[str]
    rejects: frozenset[str]
    groups: frozenset[str]
    banned: tuple[str, ...] = ()
    channels: frozenset[str] = frozenset()
    settings: Mapping[str, frozenset[str]] = field(default_factory=dict)
    tasks: Mapping[str, frozenset[str]] = field(default_factory=dict)
