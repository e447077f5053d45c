"""The colours of each theme, by role and ground. See `theme` for how they are put together.

A ground is a background that text stands on. A role is a foreground, or a block with a background of
its own (chips, labels, keys). "ground/role" overrides the sum of both where it would not be legible.
"""

from collections.abc import Mapping

GROUNDS = (
    "base", "panel", "bar", "field", "selected", "option",
    "pending", "recall", "call", "alert", "hint", "offline",
)  # fmt: skip

BLOCKS = (
    "brand", "training", "state.online", "state.break", "state.away", "state.after_call", "state.training",
    "state.offline",
    "chip.over", "chip.now", "chip.due", "key.hot", "digit", "digit.hot", "digit.off", "step.now", "tab.now",
    "label.pending", "label.recall", "label.call", "label.alert", "label.hint", "label.offline", "meter",
    "meter.calm", "meter.rest", "cursor", "chosen",
)  # fmt: skip

Roles = Mapping[str, str]
Surfaces = Mapping[str, str]

PALETTE_TRUE = {
    "base": "#10161c", "panel": "#151d25", "bar": "#1d2934", "field": "#0a0f14", "selected": "#24405a",
    "option": "#1d2934", "pending": "#6b470a", "recall": "#1f4a63", "call": "#173b33", "hint": "#3a3011",
    "offline": "#6e2606", "text": "#d7e0e8", "soft": "#93a4b3", "dim": "#8294a6", "accent": "#6cc0e8",
    "fine": "#8fc7e8", "good": "#7fd1ae", "gold": "#f0d264", "red": "#f0854f", "amber": "#e8a317",
    "over": "#c8440b", "due": "#3a3011", "ink": "#1a1200", "white": "#ffffff", "meter": "#6b470a",
    "calm": "#1f4a63", "paler": "#b4c2ce",
}  # fmt: skip

# Values of the 6x6x6 cube and the grey ramp, so that no terminal has to choose for us.
PALETTE_256 = {
    "base": "color(233)", "panel": "color(234)", "bar": "color(236)", "field": "color(232)",
    "selected": "color(239)", "option": "color(236)", "pending": "color(58)", "recall": "color(23)",
    "call": "color(22)", "hint": "color(236)", "offline": "color(52)", "text": "color(253)",
    "soft": "color(248)", "dim": "color(246)", "accent": "color(117)", "fine": "color(117)",
    "good": "color(115)", "gold": "color(222)", "red": "color(209)", "amber": "color(214)",
    "over": "color(160)", "due": "color(237)", "ink": "color(16)", "white": "color(231)",
    "meter": "color(58)", "calm": "color(23)", "paler": "color(254)",
}  # fmt: skip


def _foregrounds(c: Mapping[str, str]) -> dict[str, str]:
    return {
        "text": c["text"],
        "strong": f"bold {c['text']}",
        "soft": c["soft"],
        "dim": c["dim"],
        "off": c["dim"],
        "accent": c["accent"],
        "title": f"bold {c['accent']}",
        "key": f"bold {c['accent']}",
        "key.off": c["dim"],
        "good": c["good"],
        "warn": c["gold"],
        "vip": c["gold"],
        "amount": f"bold {c['gold']}",
        "bad": f"bold {c['red']}",
        "figure.now": f"bold {c['amber']}",
        "chip.fine": c["fine"],
        "chip.stopped": c["dim"],
        "mark": c["accent"],
        "placeholder": c["dim"],
    }


def _blocks(c: Mapping[str, str]) -> dict[str, str]:
    ink, amber = c["ink"], c["amber"]
    return {
        "brand": f"bold {ink} on {c['accent']}",
        "training": f"bold {ink} on {c['gold']}",
        "state.online": f"bold {ink} on {c['good']}",
        "state.break": f"bold {ink} on {c['gold']}",
        "state.away": f"bold {ink} on {c['soft']}",
        "state.after_call": f"bold {ink} on {c['fine']}",
        "state.training": f"bold {ink} on {c['fine']}",
        "state.offline": f"bold {c['white']} on {c['over']}",
        "chip.over": f"bold {c['white']} on {c['over']}",
        "chip.now": f"bold {ink} on {amber}",
        "chip.due": f"{c['gold']} on {c['due']}",
        "key.hot": f"bold {ink} on {amber}",
        "digit": f"bold {c['accent']} on {c['option']}",
        "digit.hot": f"bold {ink} on {c['accent']}",
        "digit.off": f"{c['soft']} on {c['option']}",
        "step.now": f"bold {ink} on {c['accent']}",
        "tab.now": f"bold {c['text']} on {c['selected']}",
        "chosen": f"bold {c['text']} on {c['selected']}",
        "label.pending": f"bold {ink} on {amber}",
        "label.recall": f"bold {ink} on {c['good']}",
        "label.call": f"bold {ink} on {c['good']}",
        "label.alert": f"bold {ink} on {amber}",
        "label.hint": f"bold {ink} on {c['gold']}",
        "label.offline": f"bold {c['white']} on {c['over']}",
        "meter": f"bold {c['text']} on {c['meter']}",
        "meter.calm": f"bold {c['text']} on {c['calm']}",
        "meter.rest": f"bold {c['text']} on {c['option']}",
        "cursor": f"{ink} on {c['text']}",
    }


_QUIET = ("dim", "soft", "off", "key.off", "placeholder", "summary", "chip.stopped")


def _overrides(c: Mapping[str, str]) -> dict[str, str]:
    """What the sum of ground and role would leave illegible: 4.5 to 1 is asked of every pair."""
    found = {
        f"alert/{role}": f"bold {c['ink']} on {c['amber']}" for role in (*_foregrounds(c), "row", "summary")
    }
    for ground in ("selected", "pending", "recall", "call", "hint", "offline"):
        found |= {f"{ground}/{role}": f"{c['paler']} on {c[ground]}" for role in _QUIET}
        found[f"{ground}/bad"] = f"bold {c['text']} on {c[ground]}"
        found[f"{ground}/figure.now"] = f"bold {c['gold']} on {c[ground]}"
    for ground in ("bar", "option"):
        found |= {f"{ground}/{role}": f"{c['soft']} on {c[ground]}" for role in _QUIET}
    for role in ("key", "title", "accent"):
        found[f"pending/{role}"] = f"bold {c['gold']} on {c['pending']}"
    for ground in ("pending", "recall"):
        found |= {f"{ground}/{role}": f"{c['text']} on {c[ground]}" for role in ("good", "chip.fine")}
    found["offline/key"] = f"bold {c['text']} on {c['offline']}"
    found["selected/summary"] = found["selected/row"] = f"bold {c['text']} on {c['selected']}"
    return found


def coloured(c: Mapping[str, str]) -> tuple[Roles, Surfaces]:
    """Styles by name, and the plain colours Textual's stylesheets need, from one palette."""
    roles = {ground: f"{c['text']} on {c.get(ground, c['amber'])}" for ground in GROUNDS}
    roles |= _foregrounds(c) | _blocks(c)
    roles |= {"row": c["text"], "summary": c["soft"]} | _overrides(c)
    names = {
        "base": "base", "panel": "panel", "field": "field", "bar": "bar", "text": "text",
        "accent": "accent", "warn": "gold", "bad": "red", "good": "good",
    }  # fmt: skip
    return roles, {name: _css(c[key]) for name, key in names.items()}


def _css(colour: str) -> str:
    """A palette colour as Textual writes it; numbered colours of the ramp and cube as their values."""
    if not colour.startswith("color("):
        return colour
    number = int(colour[6:-1])
    if number >= 232:
        level = 8 + (number - 232) * 10
        return f"#{level:02x}{level:02x}{level:02x}"
    number -= 16
    levels = [0 if part == 0 else 55 + 40 * part for part in (number // 36, number // 6 % 6, number % 6)]
    return "#" + "".join(f"{level:02x}" for level in levels)


_ANSI_SURFACES = {
    "base": "ansi_default", "panel": "ansi_default", "field": "ansi_default", "bar": "ansi_bright_black",
    "text": "ansi_default", "accent": "ansi_cyan", "warn": "ansi_yellow", "bad": "ansi_red",
    "good": "ansi_green",
}  # fmt: skip

_ANSI_ROLES = {
    **dict.fromkeys(GROUNDS, "default on default"),
    "field": "default on default underline",
    "selected": "bright_white on bright_black", "pending": "black on yellow", "alert": "black on yellow",
    "recall": "bright_white on blue", "call": "black on green", "hint": "black on cyan",
    "offline": "bright_white on red",
    "text": "", "strong": "bold", "soft": "", "dim": "bright_black", "off": "bright_black",
    "row": "", "summary": "", "accent": "bright_cyan", "title": "bold bright_cyan", "key": "bold bright_cyan",
    "key.off": "bright_black", "good": "green", "warn": "yellow", "vip": "yellow",
    "amount": "bold yellow", "bad": "bold bright_red", "figure.now": "bold yellow",
    "chip.fine": "bright_cyan",
    "chip.stopped": "", "mark": "bright_cyan", "placeholder": "bright_black",
    "brand": "bold black on cyan", "training": "bold black on yellow", "state.online": "bold black on green",
    "state.break": "bold black on yellow", "state.away": "bold black on white",
    "state.after_call": "bold black on cyan", "state.training": "bold black on cyan",
    "state.offline": "bold bright_white on red",
    "chip.over": "bold bright_white on red", "chip.now": "bold black on yellow", "chip.due": "yellow",
    "key.hot": "bold black on yellow", "digit": "bold bright_cyan", "digit.hot": "bold black on cyan",
    "digit.off": "bright_black", "step.now": "bold black on cyan",
    "tab.now": "bold bright_white on bright_black", "chosen": "bold bright_white on bright_black",
    "label.pending": "bold black on yellow", "label.recall": "bold black on cyan",
    "label.call": "bold black on white", "label.alert": "bold black on yellow",
    "label.hint": "bold black on white", "label.offline": "bold red on bright_white",
    "meter": "bold bright_white on bright_black",
    "meter.calm": "bold bright_white on blue", "meter.rest": "bold",
    "cursor": "reverse", "selected/row": "bold bright_white on bright_black",
    "selected/summary": "bold bright_white on bright_black",
    "selected/dim": "bright_white on bright_black", "selected/off": "bright_white on bright_black",
    "selected/chip.fine": "bold bright_white on bright_black",
    "selected/chip.due": "bold bright_yellow on bright_black",
    "selected/bad": "bold bright_white on bright_black",
    "selected/good": "bright_green on bright_black",
    "selected/accent": "bright_white on bright_black",
    "selected/key": "bold bright_white on bright_black",
    "selected/title": "bold bright_white on bright_black",
    "selected/chip.stopped": "bright_white on bright_black",
    "selected/mark": "bold bright_cyan on bright_black",
}  # fmt: skip

_LOUD_16 = {
    "pending": "black on yellow", "alert": "black on yellow", "recall": "bright_white on blue",
    "call": "black on green", "hint": "black on cyan", "offline": "bright_white on red",
}  # fmt: skip

_MONO_ROLES = {
    **dict.fromkeys(GROUNDS, "none"),
    "selected": "reverse", "alert": "bold reverse", "offline": "bold",
    "text": "", "strong": "bold", "soft": "", "dim": "dim", "off": "dim", "row": "", "summary": "",
    "accent": "", "title": "bold", "key": "bold", "key.off": "dim", "good": "", "warn": "bold", "vip": "bold",
    "amount": "bold", "bad": "bold reverse", "figure.now": "bold underline", "chip.fine": "",
    "chip.stopped": "dim", "mark": "bold", "placeholder": "dim",
    "brand": "bold reverse", "training": "bold reverse", "state.online": "bold reverse",
    "state.break": "bold underline", "state.away": "bold underline", "state.after_call": "bold underline",
    "state.training": "bold underline", "state.offline": "bold reverse", "chip.over": "bold reverse",
    "chip.now": "bold underline",
    "chip.due": "", "key.hot": "bold underline", "digit": "bold", "digit.hot": "bold reverse",
    "digit.off": "dim", "step.now": "bold reverse", "tab.now": "bold reverse", "chosen": "bold reverse",
    "label.pending": "bold underline", "label.recall": "bold underline", "label.call": "bold underline",
    "label.alert": "bold reverse", "label.hint": "bold underline", "label.offline": "bold reverse",
    "meter": "bold underline", "meter.calm": "bold", "meter.rest": "bold", "cursor": "reverse",
    "field": "underline",
    # Reverse twice is not plain again; on the selected row the chip keeps its other marks.
    "selected/row": "bold reverse", "selected/summary": "bold reverse", "selected/dim": "reverse",
    "selected/off": "reverse", "selected/placeholder": "reverse", "selected/key.off": "reverse",
    "selected/digit.off": "reverse",
    "selected/chip.over": "bold reverse", "selected/chip.now": "bold underline reverse",
    "selected/chip.stopped": "reverse", "alert/label.alert": "bold reverse",
}  # fmt: skip


def _loud() -> dict[str, str]:
    """On a strip in a full colour every role reads in the strip's own ink."""
    quiet = [role for role in _ANSI_ROLES if role not in GROUNDS and role not in BLOCKS and "/" not in role]
    return {
        f"{ground}/{role}": f"bold {ink}" if role in ("strong", "key", "title", "amount", "bad") else ink
        for ground, ink in _LOUD_16.items()
        for role in quiet
    }


ANSI16: tuple[Roles, Surfaces] = ({**_ANSI_ROLES, **_loud()}, _ANSI_SURFACES)
MONO: tuple[Roles, Surfaces] = (
    _MONO_ROLES,
    {**_ANSI_SURFACES, **dict.fromkeys(("accent", "warn", "bad", "good", "bar"), "ansi_default")},
)
