"""Texts for importing a firm's own data; those about one row have no full stop, since they are quoted."""

MESSAGES: dict[str, str] = {
    "import.kind": "There is no import of {kind}. Use one of: {known}.",
    "import.suffix": "{path} has none of these endings: {known}. Name a file that has one.",
    "import.nested": "Orders hold lists, which a CSV file cannot: write {path} as JSON Lines.",
    "import.unreadable": "The file {path} cannot be read: {reason}.",
    "import.empty": "There are no rows in {path}. Check that it is the right file.",
    "import.encoding": (
        "{path}, line {line}: this is not UTF-8. Save the file as UTF-8; nothing was imported."
    ),
    "import.column": (
        "{path}, line {line}: {shape} have no column {column}. Known: {known}. Nothing was imported: "
        "use one of these."
    ),
    "import.header": "{path} lacks the columns {columns}. Nothing was imported: add them.",
    "import.header_twice": "The first line must name each column once. Nothing was imported.",
    "import.rejects": (
        "{path} is another file and would be lost. Name one for the rejected rows with --rejects."
    ),
    "import.rejects_unwritable": (
        "Rejected rows cannot be written to {path}: {reason}. Name another file with --rejects and "
        "import again."
    ),
    "import.line": "the line is longer than {longest} bytes",
    "import.utf8": "the line is not UTF-8",
    "import.json": "the line is not JSON (column {column})",
    "import.csv": "the line is not CSV: {reason}",
    "import.cells": "the line has {cells} cells for {columns} columns",
    "import.not_object": "the line is not a JSON object",
    "import.required": "{field} is missing",
    "import.text": "{field} must be a text",
    "import.too_long": "{field} has {length} characters; {longest} are allowed",
    "import.whole": "{field} must be a whole number, not {value}",
    "import.fen": "{field} must be whole fen, such as 12800 for 128.00, not {value}",
    "import.range": "{field} is {value}; it must lie between {low} and {high}",
    "import.flag": "{field} must be true or false, not {value}",
    "import.day": "{field} must be a date such as 1986-05-12, not {value}",
    "import.field": "{field}: {problem}",
    "import.choice": "{field} is {value}; it must be one of: {allowed}",
    "import.list": "{field} must be a list",
    "import.object": "{field} must be an object",
    "import.numbers": "{field} must be a list of whole numbers",
    "import.future": "{field} is still to come: {at}",
    "import.twice": "{key} stands twice in {field}",
    "import.no_customer": (
        "there is no customer {account}; import customers first, or put the customer into the order"
    ),
    "import.two_accounts": "account and customer name different accounts",
    "import.other_customer": "{key} belongs to another customer",
    "import.second_wallet": "{account} has the wallet {key} already",
    "import.frozen": (
        "the wallet {key} is {state}, and a file cannot make it {to}: two people let it go at the desk; "
        "leave out its state"
    ),
    "import.freeze_stays": (
        "the freeze of {at} ({reason}) stays as it is: two people end it at the desk, and one by an "
        "authority nobody; leave it out"
    ),
    "import.elsewhere": "{key} belongs to something else already",
    "import.no_order": "there is no order {key}; import orders first",
    "import.no_items": "{key} has no items",
    "import.no_line": "the order has no line {line}",
    "import.waybill": "line {line} names the waybill {waybill}, which the order has not",
    "import.item_in_use": "a case or a refund is about line {line}; it cannot be made smaller or taken away",
    "import.total": "{field} is {given_fen} but the parts come to {counted_fen}",
    "import.no_paid_at": "the payment {key} succeeded but paid_at is missing",
    "import.payment_in_use": (
        "{taken_fen} of the payment {key} are paid back or on the way; its state, method and a smaller "
        "amount are refused"
    ),
    "import.own_refund": "{key} is a refund of this desk over {amount_fen}, {state}; the file says otherwise",
    "import.above_paid": "refunds of {key} would be more than the {paid_fen} paid",
    "import.refund_items": "the items of the refund {key} do not fit the order or its amount",
    "import.after_sale_taken": "the after-sales number {key} is taken",
    "import.conflict": "the row does not fit what is stored",
}
