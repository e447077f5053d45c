"""What supervisors do on cases that others hold: lines of the timeline, toasts, refusals."""

MESSAGES: dict[str, str] = {
    # Reassigning and taking over
    "event.case.reassigned": "Given to {to}",
    "event.case.taken_over": "Taken over from {from}",
    "act.case.reassigned": "given to somebody",
    "act.case.taken_over": "taken over",
    "case.reassigned": "Gave {case_no} to {person}",
    "case.taken_over": "Took {case_no} over from {person}",
    "role.cannot_supervise": "As {role} you cannot do this on other people's cases. A supervisor can.",
    "supervise.no_reason": "Give the reason: it stays on the record of the case.",
    "reassign.admin": "{person} keeps staff and settings, not cases. Choose somebody else.",
    "reassign.same": "{person} holds case {case_no} already. Choose somebody else.",
    "reassign.above": "A {role} holds case {case_no}: ask them to give it back (F7 7).",
    "reassign.own_matter": "The case is {person}'s own matter or a relative's. Choose somebody else.",
    "reassign.touched": "{person} had a hand in what this appeal contests. Choose somebody else.",
    "take_over.nobodys": "Nobody holds case {case_no}: take it as it is (F9).",
    # Merging
    "case.merged": "Merged {case_no} into {into}",
    "merge.other_customer": "Case {case_no} is of another customer and order. Check the number.",
    "merge.other_matter": (
        "{kind} and {to} are decided by different people. Leave {case_no} a case of its own."
    ),
    "merge.held": "Something of case {case_no} may still be recalled. Try again when that is over.",
    "merge.paying": "Money of case {case_no} is on its way. Wait until it has arrived or failed.",
    "merge.return": "Goods of case {case_no} are on their way: it must stay. Merge the other one into it.",
    # Another kind
    "case.kind_unknown": "{kind} is no kind of case. Use one of: {known}.",
    "set_kind.held": "Something of case {case_no} may still be recalled. Try again when that is over.",
    "set_kind.paying": (
        "Money of case {case_no} is on its way. Wait until it has arrived or failed, then choose the kind."
    ),
    "set_kind.return": "Goods of case {case_no} are on their way. Open another case for the other matter.",
    # Reopening after the window
    "event.case.reopened.late": "Reopened after {after_days} days, round {cycle}",
    # Going over to the versions in use
    "event.case.migrated": "Goes by the rules in use now ({version})",
    "act.case.migrated": "moved to the rules in use now",
    "case.migrated": "{case_no} goes by the rules in use now",
    "migrate.same": "Case {case_no} goes by the rules in use now already. Nothing is left to do.",
    "migrate.held": "Something of case {case_no} may still be recalled. Try again when that is over.",
    "migrate.committed": (
        "The new version does not know what was committed on case {case_no}. Leave it on its own version."
    ),
    "migrate.end": (
        "By the new version case {case_no} would be at its end and still open. Leave it on its own version."
    ),
    # One note to many cases
    "event.note.added.broadcast": "Note to {broadcast} cases",
    "case.broadcast": "Note kept on {count} cases",
    "case.broadcast_some": "Note kept on {count} cases; skipped: {skipped}",
    "broadcast.none": "Choose at least one case to tell.",
    "broadcast.too_many": "{count} cases are too many: at most {most} at once. Choose fewer.",
    # Excusing a breach
    "clock.excused": "Breach excused: {clock}; it stays on the record",
    "act.clock.excused": "breach excused",
    "excuse.not_late": "The desk was not late on {clock} of case {case_no}. Read the case again.",
    "excuse.already": "{clock} was excused already by {by}. Nothing is left to do.",
    "excuse.own": "You held the case when it became late. Another supervisor must excuse it.",
    # What a case is pinned by
    "pinned.procedure": "Procedure",
    "pinned.procedure_version": "Version of the procedure",
    "pinned.policy_version": "Clocks",
    "pinned.calendar_version": "Calendars",
    "pinned.tasks_version": "Questions to departments",
    "pinned.evidence_version": "Rules of evidence",
}
