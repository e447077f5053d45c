"""`bdesk procedure`: what the procedures are, whether they are sound, and what they cover."""

from typing import TYPE_CHECKING, Annotated

import typer

from bdesk.cli.output import examples, new_app, write_json, write_line, write_table
from bdesk.i18n import _, pick

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bdesk.data.book.sources import Contradiction
    from bdesk.rules.walk.check import Fault
    from bdesk.rules.walk.coverage import Coverage
    from bdesk.rules.walk.model import Procedure

app = new_app()

AsJson = Annotated[bool, typer.Option("--json", help=_("One JSON document."))]


@app.command(
    "list",
    help=_("List the procedures and the kinds of cases they serve."),
    epilog=examples("bdesk procedure list", "bdesk procedure list --json"),
)
def list_all(as_json: AsJson = False) -> None:
    from bdesk.data.book import loader
    from bdesk.i18n import language

    found = loader.procedures()
    if as_json:
        write_json({"procedures": [_summary(one) for one in found]})
        return
    rows = [
        (one.code, one.version, one.title.get(language()), len(one.steps), ", ".join(one.kinds))
        for one in found
    ]
    write_table((_("Code"), _("Version"), _("Title"), _("Steps"), _("Kinds")), rows)


@app.command(
    help=_("Draw a procedure as a tree of steps, or as a Mermaid flowchart."),
    epilog=examples(
        "bdesk procedure show refund",
        "bdesk procedure show refund --mermaid > refund.mmd",
        "bdesk procedure show refund --json",
    ),
)
def show(
    code: Annotated[str, typer.Argument(help=_("The procedure's code, such as refund."))],
    mermaid: Annotated[bool, typer.Option("--mermaid", help=_("As a Mermaid flowchart."))] = False,
    as_json: AsJson = False,
) -> None:
    from bdesk.data.book import loader
    from bdesk.i18n import language
    from bdesk.rules.walk import graph

    found = loader.procedure(code)
    if as_json:
        write_json(_document(found))
        return
    lines = graph.mermaid(found, language()) if mermaid else graph.tree(found, language())
    for line in lines:
        write_line(line)


@app.command(
    help=_("Check procedures and letters; exit code 1 when something is wrong."),
    epilog=examples("bdesk procedure check", "bdesk procedure check refund --json"),
)
def check(
    code: Annotated[str | None, typer.Argument(help=_("Only this procedure."))] = None,
    as_json: AsJson = False,
) -> None:
    from bdesk.data.book import loader
    from bdesk.data.book.clocks import load_clocks

    clocks = load_clocks().kinds
    chosen = loader.procedures() if code is None else (loader.procedure(code),)
    faults = tuple(dict.fromkeys(fault for one in chosen for fault in loader.faults(one, clocks)))
    if as_json:
        write_json({"procedures": [one.code for one in chosen], "faults": [_fault(one) for one in faults]})
    else:
        for fault in faults:
            write_line(_spoken(fault))
        if not faults:
            write_line(_("Nothing wrong: {codes}.", codes=", ".join(one.code for one in chosen)))
    if faults:
        raise typer.Exit(1)


@app.command(
    help=_("What became of each documented fact: step, shown, declined, context or none."),
    epilog=examples(
        "bdesk procedure coverage",
        "bdesk procedure coverage --prefix RF",
        "bdesk procedure coverage --json",
    ),
)
def coverage(
    prefix: Annotated[str, typer.Option(help=_("Only facts whose id begins so, such as RF."))] = "",
    as_json: AsJson = False,
) -> None:
    from bdesk.data.book import loader
    from bdesk.data.book.sources import load_contradictions

    found = [one for one in loader.covered() if one.id.startswith(prefix.upper())]
    shown = {one.id for one in found}
    split = [one for one in load_contradictions() if shown.intersection(one.facts)]
    if as_json:
        write_json(
            {"facts": [_covered(one) for one in found], "contradictions": [_split(one) for one in split]}
        )
        return
    rows = [(one.id, one.kind, one.state.value, _where(one)) for one in found]
    write_table((_("Fact"), _("Kind"), _("State"), _("Elements")), rows)
    write_line(_totals(found))
    if split:
        settled = [
            (one.id, ", ".join(one.facts), pick(one.resolution_zh, one.resolution_en)) for one in split
        ]
        write_table((_("Texts disagree"), _("Fact"), _("What the desk does")), settled)


def _split(one: "Contradiction") -> dict[str, object]:
    return {
        "id": one.id,
        "facts": one.facts,
        "tension": {"zh": one.tension_zh, "en": one.tension_en},
        "resolution": {"zh": one.resolution_zh, "en": one.resolution_en},
    }


def _summary(one: "Procedure") -> dict[str, object]:
    return {
        "code": one.code,
        "version": one.version,
        "kinds": one.kinds,
        "title": {"zh": one.title.zh, "en": one.title.en},
        "steps": len(one.steps),
        "digest": one.digest,
    }


def _document(one: "Procedure") -> dict[str, object]:
    from bdesk.rules.walk import graph

    steps = [
        {
            "id": step.id,
            "type": step.type.value,
            "stage": step.stage + 1,
            "title": {"zh": step.title.zh, "en": step.title.en},
            "say": None if step.say is None else {"zh": step.say.zh, "en": step.say.en},
            "captures": [capture.name for capture in step.captures],
            "usual_seconds": step.usual_seconds,
        }
        for step in one.steps
    ]
    ways = [
        {"from": edge.start, "code": edge.code, "to": edge.target, "outcome": edge.outcome}
        for edge in graph.edges(one)
    ]
    stages = [{"zh": stage.zh, "en": stage.en} for stage in one.stages]
    return {**_summary(one), "entry": one.entry, "stages": stages, "steps": steps, "ways": ways}


def _fault(fault: "Fault") -> dict[str, str]:
    return {"code": fault.code, "where": fault.where, "what": fault.what, "text": _spoken(fault)}


def _spoken(fault: "Fault") -> str:
    from bdesk.speech import speak

    return speak(f"fault.{fault.code}", {"where": fault.where, "what": fault.what})


def _covered(one: "Coverage") -> dict[str, object]:
    return {"id": one.id, "state": one.state.value, "elements": one.elements}


def _where(one: "Coverage") -> str:
    if not one.elements:
        return one.why
    first, rest = one.elements[0], len(one.elements) - 1
    return f"{first} +{rest}" if rest else first


def _totals(found: "Iterable[Coverage]") -> str:
    from collections import Counter

    counts = Counter(one.state.value for one in found)
    return ", ".join(f"{state} {number}" for state, number in sorted(counts.items()))
