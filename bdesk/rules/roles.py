"""Who may do which deed: one table of every operation that changes the store (B0.1).

How much somebody may decide by a deed is another table's: the approval matrix (`bdesk.rules.limits`, B0.7). A
deed is named by the operation's module and function, `queue.take_next`; a test holds both sets equal, so that
no operation can be added without saying who may do it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bdesk.errors import NotAllowed
from bdesk.models.kinds import Role
from bdesk.rules.ladder import LADDER

EVERYBODY: Final = frozenset(Role)
WORKERS: Final = frozenset({*LADDER, Role.RISK})
"""Who works cases: administrators do not (segregation of duties)."""

DECIDERS: Final = WORKERS - {Role.AGENT}
"""Who decides what others ask for; how much, the matrix says."""

CHIEFS: Final = frozenset({Role.SUPERVISOR, Role.MANAGER})
ADMINS: Final = frozenset({Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Rule:
    """The roles that may do it, and the code by which all others are refused."""

    roles: frozenset[Role]
    code: str = ""

    @property
    def lowest(self) -> str:
        """The lowest of the roles on the ladder, which a refusal names; empty where none is."""
        return next((role.value for role in LADDER if role in self.roles), "")


_ANYBODY = Rule(EVERYBODY)
_WORK = Rule(WORKERS, "role.cannot_work_cases")
_DECIDE = Rule(DECIDERS, "role.cannot_approve")
_CLOCKS = Rule(CHIEFS, "role.cannot_stop_clocks")
_ERASE = Rule(CHIEFS, "role.cannot_erase")
_SUPERVISE = Rule(CHIEFS, "role.cannot_supervise")
_NAME = Rule(ADMINS | {Role.MANAGER}, "role.cannot_name")
_KEEP = Rule(ADMINS, "role.only_admin")

DEEDS: Final[Mapping[str, Rule]] = {
    # Cases and calls: whoever works them.
    "calls.attach_call": _WORK,
    "calls.drop_call": _WORK,
    "calls.end_call": _WORK,
    "calls.open_from_call": _WORK,
    "calls.start_call": _WORK,
    "clocks.attach": _WORK,
    "effects.commit.commit": _WORK,
    "effects.recall.recall": _WORK,
    "enquiries.answered": _WORK,
    "enquiries.urge": _WORK,
    "evidence.add_evidence": _WORK,
    "revealing.reveal_to_ring": _WORK,  # the number alone, for a call back that they owe
    "evidence.judge": _WORK,
    "evidence.look_at": _WORK,
    "evidence.register_target": _WORK,
    "extending.extend": _WORK,
    "looking.calls.begin": _WORK,
    "messages.no_reply_needed": _WORK,
    "messages.receive": _WORK,
    "notes.add_note": _WORK,
    "opening.open_case": _WORK,
    "parking.put_aside": _WORK,
    "parking.resume": _WORK,
    "priority.preview": _WORK,
    "priority.set_priority": _WORK,
    "promises.keep": _WORK,
    "promises.make": _WORK,
    "queue.claim": _WORK,
    "queue.release": _WORK,
    "queue.take_next": _WORK,
    "raising.hand_over": _WORK,
    "raising.raise_case": _WORK,
    "raising.to_complaint": _WORK,
    "reopening.reopen": _WORK,
    "shift_handover.accept": _WORK,
    "shift_handover.decline": _WORK,
    "shift_handover.pack": _WORK,
    "shift_handover.take_back": _WORK,
    "tasks.answer_task": _WORK,
    "tasks.ask": _WORK,
    "undoing.undo": _WORK,
    "walking.answer": _WORK,
    # Decisions on what others did or asked for.
    "approvals.answer_risk": Rule(frozenset({Role.RISK}), "role.only_risk"),
    "approvals.ask_risk": Rule(DECIDERS - {Role.RISK}, "role.cannot_ask_risk"),
    "approvals.decide": _DECIDE,
    "approvals.decide_many": _DECIDE,
    "approvals.pass_on": _DECIDE,
    "approvals.read_request": _DECIDE,
    # Overriding, waiving, answering for records: a supervisor or above, on the record.
    "clocks.cancel": _CLOCKS,
    "clocks.fulfil": _CLOCKS,
    "notes.erase_text": _ERASE,
    "supervising.broadcasting.broadcast": _SUPERVISE,
    "supervising.excusing.excuse": _SUPERVISE,
    "supervising.kinds.preview": _SUPERVISE,
    "supervising.kinds.set_kind": _SUPERVISE,
    "supervising.merging.merge_into": _SUPERVISE,
    "supervising.migrating.migrate": _SUPERVISE,
    "supervising.migrating.preview": _SUPERVISE,
    "supervising.reassigning.reassign": _SUPERVISE,
    "supervising.reassigning.take_over": _SUPERVISE,
    "reopening.reopen_late": _SUPERVISE,
    "staff.announcing.announce": Rule(CHIEFS | ADMINS, "role.cannot_announce"),
    "staff.announcing.end": Rule(CHIEFS | ADMINS, "role.cannot_announce"),
    "revealing.reveal": Rule(CHIEFS, "role.cannot_reveal"),
    "packing.pack": Rule(CHIEFS, "role.cannot_pack"),
    "voiding.void_failures": Rule(CHIEFS, "role.cannot_void"),
    # Settings, people, data: administrators, who decide no money by them.
    "staff.arriving.set_teams": _KEEP,
    "staff.own_matters.set_customers": _KEEP,
    "staff.people.add_staff": _KEEP,
    "staff.people.change_staff": _KEEP,
    "staff.people.sign_out": _KEEP,  # somebody else; oneself everybody may
    "policies.adopt_limits": _KEEP,
    "staff.skills.change_skills": _KEEP,
    "staff.standing_in.end": _NAME,
    "staff.standing_in.name": _NAME,
    "importing.upsert.run_import": Rule(ADMINS, "role.cannot_import"),
    # What only the system knows, under an administrator's number; in a training store anybody plays it.
    "codes.code_result": Rule(ADMINS, "verification.not_the_system"),
    "calls.ring": Rule(ADMINS, "call.not_the_telephone"),
    # One's own desk.
    "staff.locking.lock": _ANYBODY,
    "staff.locking.unlock": _ANYBODY,
    "staff.people.set_language": _ANYBODY,
    "staff.people.set_state": _ANYBODY,
    # What is due by itself: any desk does it, and the journal names the system.
    "outbox.release_due": _ANYBODY,
    "settling.settle": _ANYBODY,
    "sweep.record_breaches": _ANYBODY,
    "sweep.sweep": _ANYBODY,
    "timers.fire_timers": _ANYBODY,
}

SIGHTS: Final[Mapping[str, Rule]] = {
    "looking.texts.texts_of": _ERASE,
    "looking.approvals.sums": _DECIDE,
    "looking.queue.next": _WORK,
    "looking.supervision.board": Rule(DECIDERS, "role.no_board"),
}
"""What is not for everybody to see, though looking changes nothing: the texts of a case beside its walk, sums
and reasons of what others ask for, and what taking the next case would give."""


def rule_of(deed: str) -> Rule:
    """The rule of a deed or a sight. Raises LookupError for one that is in neither table."""
    return DEEDS.get(deed) or SIGHTS[deed]


def may(role: Role, deed: str) -> bool:
    """Whether a role may do it, whatever the case and the sum. Raises LookupError for an unknown deed."""
    return role in rule_of(deed).roles


def check(role: Role, deed: str) -> None:
    """Raises NotAllowed with the deed's own code unless the role may do it."""
    rule = rule_of(deed)
    if role not in rule.roles:
        raise NotAllowed(rule.code, role=role.value, needs=rule.lowest)
