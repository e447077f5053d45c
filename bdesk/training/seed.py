"""Making a training store: facts, then cases about them, then events folded into clocks, then rows.

The store appears whole or not at all; nothing here reads the wall clock (ARCHITECTURE, Training).
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from sqlalchemy import func, select, update
from sqlalchemy.engine import make_url
from sqlmodel import Session

from bdesk.clock import TRAINING_GRACE, Clock, SystemClock, as_utc
from bdesk.data import bulk
from bdesk.data.book.adopted import adopted
from bdesk.data.book.book import EVIDENCE, TASKS, Book, load_book
from bdesk.data.core import APPROVAL, PRESENCE, STORE_INFO
from bdesk.data.engine import shown
from bdesk.data.snapshot import build
from bdesk.data.store import Store, create_store, open_store
from bdesk.errors import NotAllowed, StoreProblem
from bdesk.models.kinds import CaseKind, Stream
from bdesk.models.tables import Approval
from bdesk.models.views.snapshot import ActorView
from bdesk.operations.effects.limits import BOUND_FACTS
from bdesk.rules.facts import FactContext, compute, digest
from bdesk.training import people, worked
from bdesk.training.cases import Maker
from bdesk.training.coverage import SEEDED, STREAM, Coverage, coverage, told
from bdesk.training.edges.cases import Edges
from bdesk.training.edges.facts import Facts
from bdesk.training.edges.finding import where
from bdesk.training.fold import Folder
from bdesk.training.ledger import SYSTEM, Ledger
from bdesk.training.opening import Pins, number_cases
from bdesk.training.parcels import make_parcels
from bdesk.training.report import Login, Report, Shown
from bdesk.training.scenario import Scenario, Staged, scenario_named
from bdesk.training.shop import make_orders, make_products
from bdesk.training.sizes import PRESETS, Preset, Size, size_named
from bdesk.training.walks import stories
from bdesk.training.walks.plans import PLANS, Walks
from bdesk.training.wallets import make_wallets
from bdesk.training.world import World

HISTORY = timedelta(days=60)
"""How long before its present a training store was made, in its own time."""

Progress = Callable[[str, int, int], None]
"""Told (phase, done, of all) as the work goes on; phases are `make`, `fold`, `write`."""


def _silent(_phase: str, _done: int, _total: int) -> None:
    return


class Seeded:
    """A world with everything in it, not yet written."""

    def __init__(
        self, size: Size, seed: int, now: datetime, scenarios: tuple[Scenario, ...], book: Book
    ) -> None:
        self.size = size
        self.preset = PRESETS[size]
        self.staffed = next((one.raw.staff for one in scenarios if one.raw.staff is not None), None)
        if self.staffed is not None:
            self.preset = replace(self.preset, agents=max(self.preset.agents, self.staffed.agents))
        self.book = book
        self.world = World(seed, as_utc(now), self.preset.whole)
        self.ledger = Ledger()
        self.scenarios = scenarios
        self.password = f"peixun{self.world.draw('password').digits(4)}"
        self.pins = pins_of(book)
        self.staged: list[Staged] = []
        self.folder = Folder(self.world, self.ledger, book.clock_kinds, book.calendars)
        self.shown: list[Shown] = []
        self.facts: Facts | None = None
        self.edges: Edges | None = None
        self.walks: Walks | None = None

    def make(self) -> None:
        """Facts first, cases second (training.md D1.2)."""
        world, preset = self.world, self.preset
        world.reserve(
            (tail for one in self.scenarios for tail in one.raw.order_tails),
            (tail for one in self.scenarios for tail in one.raw.phone_tails),
        )
        states = None if self.staffed is None else self.staffed.states
        people.make_staff(world, preset, _hash(self.password, world), states)
        make_products(world)
        self.staged = [Staged(world, one) for one in self.scenarios]
        own_people = sum(len(one.customers) for one in self.staged)
        own_orders = sum(len(one.deals) for one in self.staged)
        people.make_customers(world, max(0, preset.customers - own_people))
        people.make_one_a_customer(world)
        people.tell_staff(world, self.ledger, world.now - HISTORY)
        if preset.whole:
            self.facts = Facts(world)
            self.facts.make()
            self.walks = Walks(self.facts.bench)
            own_orders = len(world.deals) + len(PLANS)
        make_orders(world, max(0, preset.orders - own_orders))
        make_parcels(world)
        make_wallets(world)
        if self.walks is not None:
            self.walks.order()
        self._make_cases(preset)

    def _make_cases(self, preset: Preset) -> None:
        alone = preset.cases == 0
        made = []
        for one in self.staged:
            give = not alone or one.scenario.raw.staff is not None
            made.append((one, one.open_cases(self.ledger, self.pins, give=give)))
        count = max(0, preset.cases - sum(len(works) for _, works in made))
        maker: Maker | None = None
        if count:
            letters = {code: self.book.version("letter", code) for code in self.book.letters}
            maker = Maker(
                self.world, self.ledger, self.pins, self.book.clock_kinds, self.book.calendars, letters
            )
            there: list[CaseKind] = []
            if self.facts is not None:
                self.edges = Edges(maker, self.facts)
                there = [work.row["kind"] for work in self.edges.make()]
                there += [plan.kind for plan in PLANS]
            maker.make(preset, count - len(there), there)
            if self.edges is not None and self.walks is not None:
                self.walks.open(self.edges)
        number_cases(self.world)
        if maker is not None and self.edges is not None:
            stories.tell(maker, [*maker.made, *self.edges.works])
        if self.walks is not None:
            self.walks.ask()
        if self.edges is not None:
            told_of = told(where(self.edges))
            self.ledger.say(Stream.STORE, STREAM, SYSTEM, SEEDED, told_of, self.world.now)
        self.shown = [
            Shown(
                staged.scenario.code,
                staged.scenario.raw.title.zh,
                staged.scenario.raw.title.en,
                tuple(work.row["case_no"] for work in works),
                tuple(deal.order["order_no"] for deal in staged.deals.values()),
                staged.callers(),
            )
            for staged, works in made
        ]
        self.world.keep_series()

    def write(self, store: Store, progress: Progress) -> None:
        """Keep the book's texts, number and fold the events, write every row, set the store's present."""
        with store.write(SYSTEM) as unit:
            for code in dict.fromkeys(pin.procedure for pin in self.pins.values()):
                self.book.keep_texts(unit, code)
            unit.commit()
        progress("fold", 0, 1)
        events = self.folder.run(store.newest_event() + 1)
        progress("fold", 1, 1)
        total = sum(len(rows) for rows in self.world.rows.tables.values()) + 2 * len(events)
        done = 0

        def wrote(count: int) -> None:
            nonlocal done
            done += count
            progress("write", min(done, total), total)

        bulk.write_rows(store, self.world.rows.tables, on_rows=wrote)
        bulk.write_journal(store, events, on_rows=wrote)
        with store.read() as session:
            digests = bound(session, self.book, self.world)
        bulk.settle(store)
        with store.write(SYSTEM) as unit:
            for number, digest in digests.items():
                unit.session.execute(
                    update(APPROVAL).where(APPROVAL.c.id == number).values(facts_digest=digest)
                )
            unit.session.execute(update(STORE_INFO).values(clock_anchor=self.world.now, clock_base=None))
            unit.commit()
        if self.walks is not None:
            self.walks.work(store, self.book)
        worked.work(store, self.book, self.staged)
        progress("write", total, total)

    def report(self, place: str, found: Coverage) -> Report:
        """What was made, for people and for `--json`."""
        world = self.world
        return Report(
            store=place,
            seed=world.seed,
            size=self.size.value,
            now=world.now,
            password=self.password,
            logins=tuple(
                Login(row["number"], row["name"], row["role"].value) for row in world.staff.values()
            ),
            scenarios=tuple(self.shown),
            rows={str(table.__tablename__): len(rows) for table, rows in world.rows.tables.items()},
            coverage=found,
        )


def bound(session: Session, book: Book, world: World) -> dict[int, str]:
    """What each approval request is bound to: the digest of its facts as the person who asked saw them."""
    found: dict[int, str] = {}
    limits = adopted(session).limits
    for row in world.rows.of(Approval):
        if row["facts_digest"]:
            continue
        asker = world.staff[row["requested_by"]]
        actor = ActorView(id=asker["id"], number=asker["number"], name=asker["name"], role=asker["role"])
        snapshot = build(session, row["case_id"], actor, world.now, book)
        facts = compute(FactContext(snapshot, book.calendars, book.clock_kinds, limits, book.tasks))
        found[row["id"]] = digest(facts, BOUND_FACTS)
    return found


def pins_of(book: Book) -> Mapping[CaseKind, Pins]:
    """What cases of each kind are pinned to today."""
    found: dict[CaseKind, Pins] = {}
    for kind in CaseKind:
        procedure = book.procedure_for(kind)
        found[kind] = Pins(
            procedure.code,
            book.version("procedure", procedure.code),
            book.version("policy", "clocks"),
            book.version("calendar", "all"),
            book.version("policy", TASKS),
            book.version("policy", EVIDENCE),
            procedure,
        )
    return found


def _hash(password: str, world: World) -> str:
    # One salt for the whole store: its people share one training password, and a hash costs 25 ms.
    salt = bytes.fromhex(world.draw("salt").hex(32))
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash(password, salt=salt)


def choose(size: Size, scenario: str | None) -> tuple[Scenario, ...]:
    """The scenarios of a store: those of its size, and the one that was asked for, first.

    Raises BadInput("seed.scenario").
    """
    asked = [scenario_named(scenario)] if scenario else []
    codes = [one.code for one in asked]
    return (*asked, *(scenario_named(code) for code in PRESETS[size].scenarios if code not in codes))


def seed_store(
    url: str,
    *,
    size: str = "demo",
    seed: int = 1,
    now: datetime | None = None,
    scenario: str | None = None,
    reset: bool = False,
    rate: int | None = None,
    book: Book | None = None,
    host: Clock | None = None,
    progress: Progress = _silent,
    steps: bool = False,
) -> Report:
    """Make a training store at `url`, standing at `now`, and say what is in it.

    Without `now` it stands at the scenario's own anchor, else at the host's time rounded down to the hour;
    without `rate` its clock runs at the scenario's own rate, else at the host's.
    With `reset` a training store that is there gives way to the new one; with `steps` the report says also
    where its cases stand, which takes seconds in a large one. Raises BadInput for an unknown size or
    scenario, StoreProblem("store.exists") for a store that is there, NotAllowed("seed.real_store") for a
    reset of a store that is no training store, NotAllowed("seed.desk_open") while a desk uses it.
    """
    chosen = size_named(size)
    scenarios = choose(chosen, scenario)
    clock = host or SystemClock()
    present = as_utc(now) if now is not None else _present(scenarios if scenario else (), clock)
    place = _must_be_free(url, reset, clock)
    progress("make", 0, 1)
    seeded = Seeded(chosen, seed, present, scenarios, book or load_book())
    seeded.make()
    progress("make", 1, 1)
    target = _draft(url, place) if place is not None else url
    try:
        with create_store(
            target,
            training=True,
            clock_anchor=present - HISTORY,
            rate=_rate(scenarios if scenario else (), rate),
            seed=seed,
            size=chosen.value,
            scenario=scenarios[0].code if scenario else None,
            clock=clock,
        ) as store:
            seeded.write(store, progress)
            found = coverage(store, seeded.book, present, steps=steps)
            shown = store.place
        if place is not None:
            _put_in_place(Path(str(make_url(target).database)), place, reset)
            shown = str(place)
    finally:
        if place is not None:
            _clear(Path(str(make_url(target).database)))
    return seeded.report(shown, found)


def report_on(url: str, *, book: Book | None = None) -> Coverage:
    """What the training store at `url` holds now, with the steps at which its cases stand.

    Raises StoreProblem for a store that is not there, NotAllowed("seed.no_training") for a real one.
    """
    with open_store(url) as store:
        if not store.training:
            raise NotAllowed("seed.no_training", store=store.place)
        return coverage(store, book or load_book(), store.clock.now(), steps=True)


def _present(scenarios: tuple[Scenario, ...], clock: Clock) -> datetime:
    if scenarios and scenarios[0].anchor is not None:
        return scenarios[0].anchor
    return as_utc(clock.now()).replace(minute=0, second=0, microsecond=0)


def _rate(scenarios: tuple[Scenario, ...], rate: int | None) -> int:
    if rate is not None:
        return rate
    return scenarios[0].raw.rate if scenarios else 1


def _must_be_free(url: str, reset: bool, clock: Clock) -> Path | None:
    """The file the store will be, or None for a database server; refuses what may not be replaced."""
    parts = make_url(url)
    place = Path(str(parts.database)) if parts.get_backend_name() == "sqlite" else None
    if place is not None and not os.path.lexists(place):
        return place
    if place is None:
        if reset:
            raise NotAllowed("seed.reset_server", store=shown(parts))
        return None
    if not reset:
        raise StoreProblem("store.exists", store=str(place))
    with open_store(url, clock=clock) as old:
        if not old.training:
            raise NotAllowed("seed.real_store", store=old.place)
        with old.read() as session:
            seen = session.execute(select(func.max(PRESENCE.c.seen_at))).scalar()
        if seen is not None and clock.now() <= seen + TRAINING_GRACE:
            raise NotAllowed("seed.desk_open", store=old.place)
    return place


def _draft(url: str, place: Path) -> str:
    draft = place.with_name(f"{place.name}.seeding-{os.getpid()}")
    return make_url(url).set(database=str(draft)).render_as_string(hide_password=False)


def _put_in_place(draft: Path, place: Path, reset: bool) -> None:
    """Give the store its name once all of it is on the disk: the walks waited for none of their writes."""
    _to_disk(draft)
    if reset:
        _clear(place, keep_file=True)
        os.replace(draft, place)
    else:
        try:
            os.link(draft, place)
        except FileExistsError:
            raise StoreProblem("store.exists", store=str(place)) from None
        except OSError:
            os.replace(draft, place)
    _to_disk(place.parent)


def _to_disk(path: Path) -> None:
    """Wait until a file, or what a folder names, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear(path: Path, *, keep_file: bool = False) -> None:
    for left in path.parent.glob(f"{path.name}-*"):
        left.unlink(missing_ok=True)
    if not keep_file:
        path.unlink(missing_ok=True)
