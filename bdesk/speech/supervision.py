"""Requests that wait and what is said about them; the supervisor's screen."""

MESSAGES: dict[str, str] = {
    "role.no_board": "As {role} you decide no requests. The queue (F2) shows what waits for you.",
    "role.cannot_ask_risk": (
        "As {role} you ask risk nothing. A supervisor can; risk itself says what it found."
    ),
    "role.only_risk": "Only risk answers this; you are signed in as {role}. Wait for their answer.",
    "approval.passed_on": "It was passed on ({to}): another supervisor or a manager must decide it.",
    "approval.passed_already": "It is at that level already ({to}). Wait for the decision.",
    "approval.not_for_risk": "Risk decides nothing of this kind. Ask risk instead: they answer in words.",
    "approval.risk_asked": "Risk was asked already. Wait for the answer.",
    "approval.risk_not_asked": "Nobody asks risk about this now. Read the request again.",
    "approval.risk_waits": "Risk was asked and has not answered. Wait for it, or refuse or send it back.",
    "approval.unread": "Open the request first (Enter): not read in this sitting, or changed since.",
    "approval.count": "{count} requests are marked, not {typed}. Type how many there are.",
    "approval.sum": "The sum is {amount_fen}. Type it as it stands.",
    "approval.one_by_one": "Releases are decided one by one, with your own password. Take the mark away.",
    "approval.risk_asked_for": "Risk was asked about the request of {case_no}",
    "approval.risk_answered": "Answered: the request of {case_no}",
    "approval.passed": "Passed on: the request of {case_no} ({to})",
    "event.approval.read": "Request read",
    "event.approval.risk_asked": "Question to risk",
    "event.approval.risk_answered": "Answer of risk",
    "event.approval.passed_on": "Request passed on to {to}",
    "why.above": "above limit",
    "why.flagged": "risk flag",
    "why.second_person": "two persons",
    "why.propose_only": "needs a yes",
    "act.approval.read": "request read",
    "act.approval.risk_asked": "question to risk",
    "act.approval.risk_answered": "answer of risk",
    "act.approval.passed_on": "request passed on",
}
