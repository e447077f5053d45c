"""Texts for the store, its migrations, the journal and drafts."""

MESSAGES: dict[str, str] = {
    "store.missing": "There is no store at {store}. Make one with bdesk init, or set BDESK_STORE.",
    "store.exists": "{store} exists already and stays as it is. Give another BDESK_STORE.",
    "store.newer": "{store} was made by a newer bdesk ({revision}; this one knows {newest}). Update bdesk.",
    "store.older": (
        "{store} is of an older version ({revision}; this bdesk uses {newest}). Run bdesk store migrate."
    ),
    "store.read_only": "{store} cannot be written: the file or its folder is read-only. Nothing was saved.",
    "store.not_ours": "{store} is not a store of bdesk, and stays as it is. Set BDESK_STORE to another file.",
    "store.turned": (
        "{store} says of itself whether it is for training, and its journal says otherwise. "
        "It is not opened: put back a copy with bdesk store restore."
    ),
    "store.damaged": "{store} is damaged. Nothing was saved. Put back a copy with bdesk store restore.",
    "store.busy": "The store is busy with another desk. Nothing was saved: try again.",
    "store.full": "The disk is full. Nothing was saved: make room and try again.",
    "store.disk": (
        "The disk below {store} reports an error. Nothing was saved: tell whoever looks after the machine."
    ),
    "store.unreachable": (
        "{store} cannot be reached. Nothing was saved: check the path, the server and your rights."
    ),
    "store.password_missing": (
        "{store} wants a password. Keep it with bdesk store password, or give it by "
        "BDESK_STORE_PASSWORD_FILE or ~/.pgpass."
    ),
    "store.password_wrong": (
        "{store} does not take this password. Correct it where it was given, or run bdesk store password."
    ),
    "store_password.file": (
        "{store} is a file and has no password. Set BDESK_STORE to postgresql://user@host/name."
    ),
    "store_password.unknown": (
        "The keyring here does not have the password of {store}. bdesk store password keeps it."
    ),
    "store_password.old": (
        "{store} does not take the password that the keyring here keeps. Change it with bdesk store password."
    ),
    "store_password.none": "The password of {store} is not kept: there is no keyring here.",
    "store_password.plain": "The password of {store} is not kept: the keyring here does not encrypt.",
    "store_password.locked": "The password of {store} is not kept: the keyring is locked.",
    "store_password.hangs": "The password of {store} is not kept: the keyring does not answer.",
    "store_password.fails": "The password of {store} is not kept: the keyring refuses.",
    "store.url": (
        "{url} is no address of a store. Write it like sqlite:////path/desk.db or postgresql://host/name."
    ),
    "store.no_driver": "For {store} the database driver is missing. Install bdesk with its postgres extra.",
    "store.moved": (
        "{store} was replaced by another file while it was open. Leave the desk and open it again."
    ),
    "store.stale": "Somebody else changed this first. Nothing was saved: read it again and repeat.",
    "store.backup_exists": "{path} exists already and stays as it is. Add --force to replace it.",
    "store.in_place": "{path} is the store itself. Give the path of a copy.",
    "store.restore_exists": (
        "{store} holds a store. Add --force to put the copy in its place; it is kept aside."
    ),
    "store.files_only": (
        "{store} is not a file. Copy it with the tools of its database (pg_dump, pg_restore)."
    ),
    "journal.event.changed": "it was changed after it was written",
    "journal.event.missing": "an event is missing",
    "journal.chain.broken": "it does not follow the event before it",
    "journal.head.differs": "the stream does not end where its head says",
    "journal.text.changed": "the words it speaks of were changed",
    "journal.case.missing": "its case is gone",
    "journal.clock.differs": "the stored clock is not what the events say",
    "journal.clock.not_folded": "the stored clocks do not know of it",
    "journal.clock.unreadable": "its clock cannot be read",
    "journal.queue.differs": "the case stands in another place of the queue than the events say",
    "journal.book.missing": "the version of the clocks or calendars it names is not kept",
    "journal.refund.differs": "the stored refund is not what the events say",
    "journal.payment.differs": "more or less of the payment is taken up than its refunds say",
    "journal.outbox.differs": "what left the desk, or waits to, is not what the events say",
    "journal.approval.differs": "the stored approval is not what the events say",
    "journal.decision.differs": "the stored decision is not what the events say",
    "journal.delay.differs": "the stored cause of a delay is not what the events say",
    "journal.substitution.differs": "the stored substitute is not what the events say",
    "journal.compensation.differs": "the stored compensation is not what the events say",
    "journal.task.differs": "the stored question or its answer is not what the events say",
    "journal.promise.differs": "the stored promise is not what the events say",
    "journal.attempt.differs": "the stored identity check, or its voiding, is not what the events say",
    "journal.lock.differs": "the lock of identity checks is not what the events say",
    "journal.answer.differs": "the stored answer is not what the events say",
    "journal.return.differs": "the stored return of goods is not what the events say",
    "journal.staff.differs": "the stored role, state or password of the person is not what the events say",
    "journal.case.differs": (
        "the state, owner, verification, cycle, kind, customer or raising of the case "
        "is not what the events say"
    ),
    "journal.link.differs": "the stored link to another case is not what the events say",
    "journal.evidence.differs": (
        "the stored evidence, or whether it was found clear, is not what the events say"
    ),
    "journal.wallet.differs": "the state of the wallet or its freeze is not what the events say",
    "journal.contact.differs": "when the customer's contact data changed is not what the events say",
    "journal.store.differs": "whether the store is for training is not what its first event says",
    "journal.letter.differs": "the stored letter or its address is not what the events say",
    "journal.amount.differs": "the stored amount of the payment is not what the events say",
    "journal.book.differs": (
        "a kept text of the book is not the one that the events say, or no event speaks of it"
    ),
    "journal.event.unreadable": "an event of the stream does not say what it must",
    "journal.trigger.missing": "what keeps the journal from being changed is gone",
    "policy.none_adopted": (
        "This store has adopted no limits, so nothing can be decided. An administrator adopts them with "
        "bdesk policy adopt."
    ),
    "policy.damaged": (
        "The store no longer has the text of the limits it adopted ({version}). Run bdesk journal verify; an "
        "administrator adopts them anew with bdesk policy adopt."
    ),
    "policy.version_taken": (
        "The store keeps another text called {version}. Raise the number under version: in the file."
    ),
    "policy.adopted": "Limits {version} are those of the store from now on.",
    "policy.same": "Limits {version} are those of the store already.",
    "policy.differs": (
        "The limits on this machine are not the store's; the store's count ({version}). "
        "See bdesk policy show."
    ),
    "drafts.unusable": "Drafts cannot be kept in {path}: {reason}. Set BDESK_HOME to another folder.",
    "number.prefix": "There is no series of numbers for {prefix}.",
}
