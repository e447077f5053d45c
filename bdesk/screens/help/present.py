"""Help in rows: the step's rule with its documented facts, what the person may do alone, the keys."""

from bdesk import keys
from bdesk.data.book.book import Book
from bdesk.i18n import _, language, pick
from bdesk.models.labels import label
from bdesk.operations.looking.case import CasePage, LimitLine
from bdesk.rules.limits import Allowed
from bdesk.rules.masking import HIDDEN
from bdesk.rules.walk.views import Offer, StepView
from bdesk.text import yuan
from bdesk.widgets.panel import Field, Gap, Heading, Row, Words

TRUTH = {True: ("✓ ", "good"), False: ("! ", "bad"), None: ("- ", "dim")}


def rule_rows(page: CasePage, book: Book) -> list[Row]:
    """What decides at this step, where it is written, and what of it this person may do."""
    step = page.standing.walk.current
    rows: list[Row] = []
    if step is None:
        rows += [
            Heading(_("The rule of this step")),
            Words(((_("The case waits or has ended; no step is open"), "soft"),)),
        ]
    else:
        rows.append(Heading(step.title.get(language()), _("the rule of this step")))
        rows += _check_rows(step, page.hidden)
        rows += _refused_rows(step)
        rows += source_rows(sources_of(step), book)
    rows += limit_rows(page.limits)
    return [*rows, Gap()]


def _check_rows(step: StepView, hidden: frozenset[str]) -> list[Row]:
    lang = language()
    rows: list[Row] = []
    for check in step.checks:
        mark, role = ("  ", "text") if check.plain and check.truth else TRUTH[check.truth]
        value = HIDDEN if check.fact in hidden else check.value.get(lang)
        rows.append(Field(mark + check.label.get(lang), value, role, check.rule.get(lang)))
    return rows


def _refused_rows(step: StepView) -> list[Row]:
    """Greyed answers with their reasons."""
    lang = language()
    off = [one for one in step.options if one.offer is not Offer.OFFERED and one.why is not None]
    if not off:
        return []
    rows: list[Row] = [Gap(), Heading(_("Not now"))]
    return rows + [
        Field(f"{one.number} {one.label.get(lang)}", one.why.get(lang), "soft") for one in off if one.why
    ]


def sources_of(step: StepView) -> tuple[str, ...]:
    """The documented facts behind a step, those of its checks with it, each once."""
    found = [*step.sources, *step.step.realises]
    for check in step.checks:
        found += check.sources
    return tuple(dict.fromkeys(found))


def source_rows(ids: tuple[str, ...], book: Book) -> list[Row]:
    """Each fact in our words, with where it is written."""
    known = [book.sources[id] for id in ids if id in book.sources]
    if not known:
        return []
    rows: list[Row] = [Gap(), Heading(_("Where it is written"), str(len(known)))]
    for fact in known:
        rows.append(Field(fact.id, pick(fact.zh, fact.en), "text", fact.source))
        declined = pick(fact.declined_zh or "", fact.declined or "")
        if declined:
            rows.append(Field("", _("Not followed: {why}", why=declined), "warn"))
    return rows


def limit_rows(limits: tuple[LimitLine, ...]) -> list[Row]:
    """What this person may do on this case, alone or with somebody; the rest has no place here."""
    rows: list[Row] = [Gap(), Heading(_("Limits"), _("of this person on this case"))]
    return rows + [_limit_row(line) for line in limits if line.allowed is not Allowed.REFUSED]


def _limit_row(line: LimitLine) -> Row:
    name = pick(line.zh, line.en)
    if line.allowed is Allowed.DECIDE:
        upto = None if line.limit_fen is None else _("up to {amount}", amount=yuan(line.limit_fen))
        return Field(name, upto or _("alone"), "good")
    who = label(line.needs) if line.needs is not None else _("a second person")
    return Field(name, _("with {role}", role=who), "soft")


def key_rows(context: keys.Context, keymap: keys.Keymap) -> list[Row]:
    """Every key of a screen with what it does, as `bdesk keys` lists them."""
    rows: list[Row] = [Heading(_("Keys"), _("letters work outside fields"))]
    digits = False
    for key in keys.bindings(context):
        if key.id.startswith("desk.choose_"):
            if not digits:
                rows.append(Field("1-9", _(key.label)))
            digits = True
            continue
        rows.append(Field(shown_keys(key, keymap), _(key.label)))
    return rows


def shown_keys(key: keys.Key, keymap: keys.Keymap) -> str:
    """The keys of a binding as people write them, without their full-width twins."""
    names = keys.keys_for(key.id, keymap)
    twins = {twin for name in names for twin in keys.twins(name)}
    return "  ".join(keys.shown(name) for name in names if name not in twins)
