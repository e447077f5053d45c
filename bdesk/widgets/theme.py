"""Colours by role. Widgets name a role and the ground it stands on; a theme turns both into a style.

Four explicit themes: 24-bit colour, 256 colours, the 16 by name, and none. Nothing is left to
automatic conversion, which swapped red and yellow (UX, SLA states). Every state has its word, so
the theme without colour loses nothing but comfort.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.style import Style
from textual.theme import BUILTIN_THEMES
from textual.theme import Theme as TextualTheme

from bdesk.widgets.palette import ANSI16, MONO, PALETTE_256, PALETTE_TRUE, coloured

COLOUR_SYSTEMS = ("truecolor", "256", "standard")


@dataclass(frozen=True, slots=True)
class Theme:
    """A set of styles by ground and role. `ansi` says that the terminal's own colours are used."""

    name: str
    ansi: bool
    roles: Mapping[str, str]
    surfaces: Mapping[str, str]
    _made: dict[tuple[str, str], Style] = field(default_factory=dict, compare=False, repr=False)

    def style(self, role: str, ground: str = "base") -> Style:
        """The style of a role on a ground. Raises KeyError for a role or ground that does not exist."""
        made = self._made.get((ground, role))
        if made is None:
            made = Style.parse(self.roles[ground]) + Style.parse(self.roles[role])
            override = self.roles.get(f"{ground}/{role}")
            if override is not None:
                made = Style.parse(override)
            self._made[ground, role] = made
        return made

    def textual(self) -> TextualTheme:
        """The same theme for Textual's stylesheets: `$background`, `$panel`, `$surface`, `$foreground`."""
        surfaces = self.surfaces
        return TextualTheme(
            name=f"bdesk-{self.name}",
            primary=surfaces["accent"],
            secondary=surfaces["accent"],
            accent=surfaces["accent"],
            warning=surfaces["warn"],
            error=surfaces["bad"],
            success=surfaces["good"],
            foreground=surfaces["text"],
            background=surfaces["base"],
            surface=surfaces["field"],
            panel=surfaces["panel"],
            boost=surfaces["panel"],
            dark=True,
            ansi=self.ansi,
            text_alpha=1.0,
            variables={
                # Textual's own rules for such terminals name variables that only its theme has.
                **(BUILTIN_THEMES["ansi-dark"].variables if self.ansi else {}),
                "scrollbar": surfaces["bar"],
                "scrollbar-hover": surfaces["accent"],
                "scrollbar-active": surfaces["accent"],
                "scrollbar-background": surfaces["base"],
                "scrollbar-background-hover": surfaces["base"],
                "scrollbar-background-active": surfaces["base"],
                "scrollbar-corner-color": surfaces["base"],
                "input-cursor-text-style": "reverse" if self.ansi else "none",
            },
        )


TRUE = Theme("true", False, *coloured(PALETTE_TRUE))
C256 = Theme("256", False, *coloured(PALETTE_256))
A16 = Theme("16", True, *ANSI16)
NONE = Theme("mono", True, *MONO)
THEMES: tuple[Theme, ...] = (TRUE, C256, A16, NONE)

_current = TRUE


def detected(environ: Mapping[str, str]) -> str | None:
    """The colour system of the terminal that the environment describes: one of COLOUR_SYSTEMS or None."""
    plain = {name: value for name, value in environ.items() if name != "NO_COLOR"}
    system = Console(force_terminal=True, legacy_windows=False, _environ=plain).color_system
    return "standard" if system == "windows" else system


CHOSEN: Mapping[str, Theme] = {"truecolor": TRUE, "ansi": A16, "mono": NONE}
"""Themes a person may choose in their settings, by the words used there."""


def theme_for(environ: Mapping[str, str], color_system: str | None, chosen: str = "auto") -> Theme:
    """The theme for a terminal. A NO_COLOR that is set wins, whatever its value; then what the person has
    `chosen`; then what the terminal can do."""
    if "NO_COLOR" in environ:
        return NONE
    if chosen in CHOSEN:
        return CHOSEN[chosen]
    if color_system is None:
        return NONE
    return {"truecolor": TRUE, "256": C256}.get(color_system, A16)


def use(theme: Theme) -> None:
    """Paint with this theme from now on. Widgets already shown must be refreshed by the caller."""
    global _current
    _current = theme


def current() -> Theme:
    """The theme in use."""
    return _current


def style(role: str, ground: str = "base") -> Style:
    """The style of a role on a ground in the theme in use."""
    return _current.style(role, ground)
