"""Texts for cases, orders and the queue: refusals, each with what to do next."""

MESSAGES: dict[str, str] = {
    "case.moved": "{by} changed case {case_no} first ({what}). It has been read again.",
    "case.closed": "Case {case_no} is done ({state}). Reopen it or open a new one.",
    "case.no_move": "Case {case_no} is {state}; it cannot become {becomes}. It has been read again.",
    "reopen.open": "Case {case_no} is open: go on with it.",
    "reopen.merged": "Case {case_no} went into {into}. Go on there.",
    "case.not_yours": "A colleague holds case {case_no}. Leave a note, or ask them to give it back (F7 7).",
    "case.yours_already": "You hold case {case_no} already. Go on with it.",
    "case.unknown": "There is no case {case_no}. Check the number, or find it with F3.",
    "case.raised_already": (
        "Case {case_no} is with the {to} already. Wait for the answer, or leave a note (F5)."
    ),
    "case.same_kind": "The case is of this kind already: {kind}. Choose another one.",
    "queue.other_kinds": "{count} wait that you are not given: {kind}. Enter on the list opens one.",
    "queue.own": "{count} wait that are your own matters, or a relative's. Somebody else takes them.",
    "queue.touched": (
        "{count} wait that are appeals against what you had a hand in. Somebody else takes them: a {role} or "
        "above decides."
    ),
    "queue.stopped": "{count} wait here, and all of them for somebody else. F5 takes a call.",
    "queue.empty": "Nothing waits for you. New cases come by themselves; F5 takes a call.",
    "raise.unknown_level": "{to} is no level to raise to. Use one of: {known}.",
    "merge.no_target": "There is no open case {case_no} to merge into. Check the number.",
    "aside.past": "{until} has passed. Choose a later time.",
    "clock.not_running": "The clock {clock} does not run. Nothing was changed: read the case again.",
    "clock.not_stopped": "No clock of case {case_no} is stopped. Nothing was changed: go on with the case.",
    "clock.runs_already": "The clock {clock} runs already. Nothing was changed: read the case again.",
    "order.unknown": "There is no order {key}. Check the number, or find it by phone tail and date.",
    "order.not_found": "Nothing found for {key}. Check the number, or use the phone tail with the date.",
    "order.several": "{count} orders fit. Ask for the order number.",
    "order.other_customer": "Order {order_no} belongs to another customer. Check the number.",
    "order.shipped": (
        "Order {order_no} has left the warehouse and cannot be cancelled. Nothing was done: take the "
        "way for goods in transit."
    ),
    "customer.unknown": "There is no customer {key}. Check the account, or find the order with F3.",
    "item.not_of_order": "The item {item} is not of this order. Choose items of the order.",
    "time.future": "{at} is still to come. Give the time when the matter was received, now or before.",
    "step.moved": "Case {case_no} stands at another step now. It has been read again: answer there.",
    "answer.needs_f8": "This answer sends something or moves money: it waits in the strip for F8.",
    "undo.nothing": "There is nothing to undo here. Write a note (F5) if something has to be put right.",
    "undo.not_yours": "{by} acted after you ({kind}). Your step stays: write a note instead.",
    "undo.too_late": "More than {seconds} s have passed. Write a note instead.",
    "undo.never": "This cannot be undone ({kind}). Write a note instead.",
    "text.gone": "This text was erased already, or never was. Nothing is left to do.",
    "text.secret": "This must not be kept ({kinds}). Kept would be: {proposal}",
    "kinds.card": "card number",
    "kinds.identity": "identity number",
    "kinds.code": "one-time code",
    "kinds.expiry": "card expiry date",
    "kinds.password": "password",
    "note.empty": "Nothing was written. Type something or press Esc.",
    "note.too_long": "{length} characters are too many: at most {longest}. Shorten it.",
    "erase.no_reason": "Give a reason for erasing.",
    "locator.option": "{address} is no address but an option, and was not opened. Ask for it again (F6).",
    "locator.odd": (
        "{address} holds characters that no address needs, and was not opened. Ask for it again (F6)."
    ),
    "locator.scheme": "{address} is no web address (http, https), and was not opened. Ask for it again (F6).",
    "locator.type": "{address} is no picture, film, sound or PDF, and was not opened. Ask for it again (F6).",
    "evidence.no_address": "Say where the material is: a path or an address.",
    "evidence.unknown": "There is no piece of evidence {number}. Read the case again.",
    "evidence.unseen": "Look at evidence {number} first: Enter opens it.",
    "call.ended": "The call is over. F5 takes the next one.",
    "call.has_case": "This call is on a case already. Close the card with Enter.",
    "call.no_words": "Say in a few words what the call was about.",
    "call.not_yours": "This call is not yours. F5 opens your own.",
    "call.open_already": "Another call of yours is still open. Close its card first.",
    "approval.unknown": "There is no request {number}. bdesk approval list shows what waits.",
    "approval.decided": "The request is decided: {state}. Read the case again.",
    "approval.lapsed": "The request has lapsed: its time is over, or the case has changed. Ask for it again.",
    "approval.no_words": "The decision needs a few words: the reason or the question.",
    "approval.password_wrong": "Wrong password: nothing is decided, and the reason is kept. Enter it again.",
    "approval.password": "This is decided with your own password. Type it.",
    "approval.own": "This is your own request or matter. Somebody else must decide it.",
    "approval.verdict": "{verdict} is no decision. Use one of: {known}.",
    "approval.waiting": "A request of case {case_no} waits already. Wait for the decision.",
    "verification.locked": (
        "Verification of this account is locked on every channel until {until}. "
        "Tell the customer to call again or apply in the App after that; F6 puts the case aside."
    ),
    "verification.not_locked": (
        "No failed check of this customer counts now. Nothing was voided: go on with the case."
    ),
    "verification.own_failures": (
        "You took one of these answers, or know the customer. Another supervisor must void them."
    ),
    "priority.unknown": "{priority} is no priority. Choose 1 to 4; 1 is the highest.",
    "priority.same": "The case has the priority {priority} already. Choose another one.",
    "priority.no_reason": "A lower priority needs a reason. Say why in a few words.",
    "promise.past": "{until} has passed. Choose a later time.",
    "promise.kind": "{kind} is no promise. Use one of: {known}.",
    "promise.unknown": "There is no promise {number}. Read the case again.",
    "promise.done": "This promise is over: {state}. Read the case again.",
    "promise.when": "{text} is no time. Write it like 11-25 15:00, then what is promised.",
    "message.none_waiting": "No message of case {case_no} waits for an answer. Go on with the case.",
    "message.channel": "{channel} is no channel. Use one of: {known}.",
    "verification.no_customer": "The case has no customer yet. Find the order or the account first.",
    "task.unknown": "There is no task {number}. Read the case again.",
    "task.department": "{department} is no department. Choose one of these: {known}.",
    "evidence.kind": "{kind} is no kind of evidence. There are: {known}.",
    "task.own_answer": (
        "You asked this yourself, and it opens more than {limit_fen}. Have somebody else type the answer in."
    ),
    "order.answered": (
        "A department looks into the order of {case_no}, or has answered. "
        "Open another case for the other order."
    ),
    "refund.own_answer": (
        "You asked for the answer that this rests on, and typed it in. "
        "Above {limit_fen} somebody else refunds it."
    ),
    "task.done": "Task {number} was closed before: {state}. Read the case again.",
    "task.finding": "{finding} is no finding of this question. Choose one of: {known}.",
    "task.finding_none": "This question takes words alone. Leave the finding out.",
    "task.finding_day": (
        "{finding} needs a day, and only a finding that names one takes it. Put that right first."
    ),
    "task.not_asked": "{to} is never asked for this: {what}. Choose another department.",
    "task.due": "An answer is due within {longest} hours at most. Choose an earlier time.",
    "money.not_an_amount": "{text} is no amount. Write it like 128.00.",
    "clock.never_stops": (
        "No clock here may be stopped for this. Put the case aside instead: the clock runs on."
    ),
    "clock.waits_for": "{waits_for} is nobody a clock waits for. Use one of: {known}.",
    "find.nothing": (
        "Nothing found for {text}. Type at least four characters of a number, or a phone tail with a date."
    ),
    "wallet_tx.not_found": (
        "No such transaction. Check the number, or type the exact amount and the day of it."
    ),
    "wallet_tx.several": "{count} transactions fit. Ask for the transaction number in the wallet.",
    "wallet_tx.other_customer": "Transaction {tx_no} is of another customer's wallet. Check the number.",
    "case.open_beside": "The customer has an open case for this: {case_no}. Tell its number instead.",
    "item.pieces": "{item}: at most {most} pieces, at least one. Type it like 1*2.",
}
