"""The key map as data. Screens make their bindings from it, the footer and help read their words in it.

Source: UX.md "Keys". Three layers, because a Chinese input method swallows letters: `keys` (function
keys, digits, Enter, Esc, arrows, blanks, hyphen, equals, backtick, Ctrl+Z) complete every task in any
state of it and win in every field where `priority` says so; `aliases` are letters, which a focused field
takes for itself; the menu is the third. Each printable key brings its full-width twin.

Key names are those Textual reports ("f9", "minus", "fullwidth_question_mark").
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from bdesk.i18n import N_


class Context(StrEnum):
    """Where keys mean something. DESK is everywhere; the others add to it or replace parts of it."""

    DESK = "desk"
    QUEUE = "queue"
    CASE = "case"
    CALL = "call"
    LOOKUP = "lookup"
    CUSTOMER = "customer"
    WALLET = "wallet"
    SUPERVISOR = "supervisor"


@dataclass(frozen=True, slots=True)
class Key:
    """One binding. `label` is for help, `short` for the footer; both are msgids.

    `instead_of` names the DESK binding whose place this one takes in its context, with the same keys.
    `movable` is False where the hand must find the key whatever a person's own map says.
    """

    id: str
    context: Context
    keys: tuple[str, ...]
    label: str
    short: str
    aliases: tuple[str, ...] = ()
    instead_of: str | None = None
    priority: bool = False
    movable: bool = True

    @property
    def all_keys(self) -> tuple[str, ...]:
        return self.keys + self.aliases


# Keys a terminal, a shell, tmux or an input method keeps, or cannot tell from another key.
RESERVED = frozenset(
    {f"ctrl+{letter}" for letter in "abcdshijmwtn"}
    | {"ctrl+left_square_bracket", "ctrl+space", "ctrl+at", "f11", "f12", "ctrl+enter", "shift+enter"}
)

_NAMED = {"minus": "-", "equals_sign": "=", "grave_accent": "`", "question_mark": "?", "colon": ":"}
_NAMED |= {"slash": "/", "space": " ", "full_stop": ".", "comma": ","}

# What a Chinese input method sends for a key besides the full-width form of its character.
_IME = {
    "grave_accent": ("middle_dot",),
    "slash": ("ideographic_comma",),
    "space": ("ideographic_space",),
    "full_stop": ("ideographic_full_stop",),
}

_SHOWN = {"escape": "Esc", "space": "Space", "tab": "Tab", "enter": "Enter", "pageup": "PgUp"}
_SHOWN |= {"pagedown": "PgDn", "left": "Left", "right": "Right", "up": "Up", "down": "Down"}


_SPELT = {character: name for name, character in _NAMED.items()} | {"esc": "escape", "return": "enter"}


def key_name(typed: str) -> str:
    """The name Textual uses for a key as a person writes it: "?", "Esc" and "Ctrl+Z" are understood."""
    name = typed.lower() if len(typed) > 1 else typed
    *modifiers, last = name.split("+") if len(name) > 1 else [name]
    return "+".join([*modifiers, _SPELT.get(last, last)])


def twins(key: str) -> tuple[str, ...]:
    """The names under which the same key arrives while an input method is in full-width mode."""
    character = _NAMED.get(key, key)
    found = list(_IME.get(key, ()))
    if len(character) == 1 and "!" <= character <= "~":
        wide = chr(ord(character) + 0xFEE0)
        name = unicodedata.name(wide).lower().replace("-", "_").replace(" ", "_")
        found.append(wide if wide.isalnum() else name)
    return tuple(found)


def _with_twins(keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for key in keys for name in (key, *twins(key)))


def _key(
    id: str,
    keys: str,
    label: str,
    short: str,
    *,
    alias: str = "",
    instead_of: str | None = None,
    priority: bool = False,
    movable: bool = True,
) -> Key:
    return Key(
        id,
        Context(id.partition(".")[0]),
        _with_twins(keys.split()),
        label,
        short,
        aliases=_with_twins(alias.split()),
        instead_of=instead_of,
        priority=priority,
        movable=movable,
    )


def _function(id: str, keys: str, label: str, short: str, alias: str = "", instead_of: str = "") -> Key:
    return _key(id, keys, label, short, alias=alias, instead_of=instead_of or None, priority=True)


_DIGITS = tuple(
    _key(f"desk.choose_{digit}", str(digit), N_("Choose the numbered thing"), str(digit), movable=False)
    for digit in range(1, 10)
)

KEYS: tuple[Key, ...] = (
    _function("desk.help", "f1", N_("Help for what has focus"), N_("Help"), "question_mark"),
    _function("desk.queue", "f2", N_("Back to the queue"), N_("Queue"), "q"),
    _function("desk.find", "f3", N_("Find an order, a customer or a case"), N_("Find"), "f"),
    _function("desk.customer", "f4", N_("The customer and their other cases"), N_("Cust"), "c"),
    _function("desk.note", "f5", N_("Write a note"), N_("Note"), "n"),
    _function("desk.park", "f6", N_("Put aside, or stop the clock"), N_("Park"), "p"),
    _function("desk.raise", "f7", N_("Raise or hand over"), N_("Raise"), "e"),
    _key("desk.commit", "f8", N_("Do what the strip says"), N_("Do"), priority=True, movable=False),
    _function("desk.take", "f9", N_("Take the next case, or what the strip offers"), N_("Take"), "t"),
    _function("desk.menu", "f10", N_("Menu"), N_("Menu"), "colon"),
    _key("desk.open", "enter", N_("Open, or go on"), N_("Open"), movable=False),
    _key("desk.back", "escape", N_("Close, drop or go back"), N_("Back"), movable=False),
    *_DIGITS,
    _key("desk.more", "0", N_("More, or apply the waiting changes"), N_("More"), movable=False),
    _key("desk.mark", "space", N_("Mark, tick or look inside"), N_("Mark")),
    _key("desk.next_pane", "tab", N_("Next pane or field"), N_("Next"), movable=False),
    _key("desk.previous_pane", "shift+tab", N_("Previous pane or field"), N_("Prev"), movable=False),
    _key("desk.up", "up", N_("Up"), N_("One line up"), movable=False),
    _key("desk.down", "down", N_("Down"), N_("One line down"), movable=False),
    _key("desk.previous_case", "minus", N_("Previous open case"), N_("Prev")),
    _key("desk.next_case", "equals_sign", N_("Next open case"), N_("Next")),
    _key("desk.last_case", "grave_accent", N_("The case before this one"), N_("Last")),
    _function("desk.undo", "ctrl+z", N_("Undo, or recall"), N_("Undo"), "u"),
    _function("desk.quit", "ctrl+q", N_("Leave the desk"), N_("Exit")),
    _function("queue.filter", "f3", N_("Find, then filter this list"), N_("Find"), "f", "desk.find"),
    _key("queue.filter_list", "slash", N_("Filter this list"), N_("Filter")),
    _function("queue.call", "f5", N_("New call: the call card"), N_("Call"), "n", "desk.note"),
    _key("queue.next_list", "tab", N_("Mine, waiting, put aside"), N_("Lists"), instead_of="desk.next_pane"),
    _function("case.rule", "f1", N_("The rule of this step"), N_("Help"), "question_mark", "desk.help"),
    _key("case.step_back", "left", N_("One step back; answers are kept"), N_("Back"), alias="b"),
    _key("case.step_forward", "right", N_("One step forward"), N_("Forward")),
    _key("case.consent", "space", N_("Agreed to what was read back"), N_("Agreed"), instead_of="desk.mark"),
    _key("case.clocks", "full_stop", N_("Explain the due times"), N_("Clocks"), alias="k"),
    _function("call.end", "f5", N_("Close the card; is the call over?"), N_("End"), "n", "desk.note"),
    _function("call.clear", "f3", N_("Empty the field"), N_("Clear"), "f", "desk.find"),
    _function("lookup.clear", "f3", N_("Empty the field"), N_("Clear"), "f", "desk.find"),
    _key("lookup.peek", "space", N_("Look inside without opening"), N_("Peek"), instead_of="desk.mark"),
    _function("supervisor.queue", "f2", N_("The team's queue"), N_("Queue"), "q", "desk.queue"),
    _function("supervisor.filter", "f3", N_("Find, then filter this list"), N_("Find"), "f", "desk.find"),
    _key("supervisor.filter_list", "slash", N_("Filter this list"), N_("Filter")),
    _function("supervisor.pass_on", "f7", N_("Raise further, send back"), N_("Raise"), "e", "desk.raise"),
    _function("supervisor.take_over", "f9", N_("Take the case over"), N_("Take"), "t", "desk.take"),
    _key("supervisor.next_list", "tab", N_("Next list"), N_("Lists"), instead_of="desk.next_pane"),
    _key(
        "supervisor.last_list", "shift+tab", N_("List before"), N_("Lists"), instead_of="desk.previous_pane"
    ),
    _key("supervisor.mark", "space", N_("Mark for one decision"), N_("Mark"), instead_of="desk.mark"),
)

BY_ID: Mapping[str, Key] = MappingProxyType({key.id: key for key in KEYS})

FOOTER_KEYS = tuple(f"f{number}" for number in range(1, 11))


@dataclass(frozen=True, slots=True)
class Slot:
    """One place of the footer: the key as shown ("F9"), what it is bound to, and its short msgid."""

    shown: str
    id: str
    short: str


Keymap = Mapping[str, tuple[str, ...]]
"""A person's own keys: binding id to the key names that replace the packaged ones."""


def bindings(context: Context) -> tuple[Key, ...]:
    """What works in a context: its own bindings and those of the desk that none of them replaces."""
    own = tuple(key for key in KEYS if key.context == context)
    if context is Context.DESK:
        return own
    replaced = {key.instead_of for key in own}
    return own + tuple(key for key in KEYS if key.context is Context.DESK and key.id not in replaced)


def keys_for(id: str, keymap: Keymap | None = None) -> tuple[str, ...]:
    """Every key name that triggers a binding, a person's own map considered. Raises KeyError."""
    key = BY_ID[id]
    # Moving "find" moves what stands in its place on other screens too.
    for name in (id, key.instead_of):
        if keymap and name is not None and name in keymap:
            return _with_twins(keymap[name])
    return key.all_keys


def label(context: Context, pressed: str, keymap: Keymap | None = None) -> str | None:
    """The short msgid of what a key does in a context, or None where it does nothing."""
    for key in bindings(context):
        if pressed in keys_for(key.id, keymap):
            return key.short
    return None


def footer(context: Context, keymap: Keymap | None = None) -> tuple[Slot, ...]:
    """The ten places of the footer. A binding that was moved stays in its place under its new key."""
    by_default = {key.keys[0]: key for key in bindings(context)}
    slots = []
    for name in FOOTER_KEYS:
        key = by_default[name]
        slots.append(Slot(shown(keys_for(key.id, keymap)[0]), key.id, key.short))
    return tuple(slots)


def shown(key: str) -> str:
    """A key's name as people write it: "F9", "Ctrl+Z", "`", "Esc"."""
    if "+" in key:
        *modifiers, last = key.split("+")
        name = shown(last)
        return "+".join([*(one.capitalize() for one in modifiers), name.upper() if len(name) == 1 else name])
    if key in _SHOWN:
        return _SHOWN[key]
    if key in _NAMED:
        return _NAMED[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else key


@dataclass(frozen=True, slots=True)
class KeymapProblem:
    """What is wrong with one line of a person's key map, as a code and parameters for `speak`."""

    id: str
    code: str
    params: Mapping[str, object]


def check_keymap(keymap: Keymap) -> tuple[KeymapProblem, ...]:
    """Everything wrong with a person's key map: unknown ids, fixed ids, reserved keys, clashes.

    Textual would ignore a misspelt id in silence and give a clashing key to the newer binding.
    """
    problems = []
    for id, keys in keymap.items():
        key = BY_ID.get(id)
        if key is None:
            problems.append(_problem("keymap.unknown", id))
        elif not key.movable:
            problems.append(_problem("keymap.fixed", id))
        elif not keys:
            problems.append(_problem("keymap.empty", id))
        problems += [_problem("keymap.reserved", id, key=shown(name)) for name in keys if is_reserved(name)]
    known = {id: keys for id, keys in keymap.items() if id in BY_ID and keys}
    return (*problems, *_clashes(known))


def is_reserved(key: str) -> bool:
    """Whether a key must never be bound. Every Alt key is: Esc before a digit arrives as Alt+digit."""
    return key in RESERVED or "alt" in key.split("+")[:-1]


def clashes(context: Context, keymap: Keymap | None = None) -> tuple[tuple[str, str, str], ...]:
    """(key, id, other id) for each key that two bindings of a context share."""
    holder: dict[str, str] = {}
    found = []
    for key in bindings(context):
        for name in dict.fromkeys(keys_for(key.id, keymap)):
            other = holder.setdefault(name, key.id)
            if other != key.id:
                found.append((name, other, key.id))
    return tuple(found)


def _clashes(keymap: Keymap) -> list[KeymapProblem]:
    def as_written(id: str) -> str:
        # A replacement moves with what it replaces: name the line the person can change.
        return BY_ID[id].instead_of or id if id not in keymap else id

    seen: dict[tuple[str, str, str], None] = {}
    for context in Context:
        for name, *pair in clashes(context, keymap):
            mine, theirs = sorted(map(as_written, pair), key=lambda id: id not in keymap)
            seen.setdefault((mine, theirs, shown(name)), None)
    return [_problem("keymap.clash", mine, key=name, other=theirs) for mine, theirs, name in seen]


def _problem(code: str, id: str, **params: object) -> KeymapProblem:
    return KeymapProblem(id, code, {"id": id, **params})


def split_layers(keys: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(those a binding may hold with priority, those a focused field must be able to take)."""
    strong: list[str] = []
    weak: list[str] = []
    for key in keys:
        is_function = key[:1] == "f" and key[1:].isdigit()
        (strong if is_function or key.startswith("ctrl+") else weak).append(key)
    return tuple(strong), tuple(weak)
