"""Texts for what `bdesk doctor` finds."""

MESSAGES: dict[str, str] = {
    "doctor.store": "{store} opens (revision {revision}).",
    "doctor.sqlite": "SQLite {version}, journal mode {mode}.",
    "doctor.sqlite_wal_bug": (
        "SQLite {version} can lose commits in WAL mode when several desks write, so {mode} is used: "
        "safe, a little slower. SQLite 3.51.3 or later allows WAL."
    ),
    "doctor.open_to_all": "Everybody on this machine may read {path} (mode {mode}). Run: chmod o-rwx on it.",
    "doctor.not_setgid": (
        "The folder {folder} is not setgid, so a colleague's desk may find the store read-only. "
        "Run: chmod 2770 on it."
    ),
    "doctor.permissions": "The file is for its owner and group only (mode {mode}).",
    "doctor.disk": "The file lies on a local disk ({kind}).",
    "doctor.disk_unknown": "Whether the disk is local cannot be told on this system ({system}).",
    "doctor.disk_network": (
        "{path} lies on a network file system ({kind}), where two desks can damage it. Move it to a local "
        "disk, or use PostgreSQL."
    ),
    "doctor.triggers": "The journal is guarded against changes.",
    "doctor.triggers_missing": (
        "The journal is not guarded: {names} missing. Run bdesk journal verify, then bdesk store migrate."
    ),
    "doctor.clock": "The store's time is {now}.",
    "doctor.clock_host": (
        "The store's time is {now}, by the clock of whoever writes: a wait (cooling-off, locked checks) is "
        "as good as that. Where people could change it, use PostgreSQL, which counts by the server's."
    ),
    "doctor.clock_behind": (
        "This machine's clock is {by} behind the newest record. Set it right; until then that record's "
        "time is used."
    ),
    "doctor.book": "The book of procedures, clocks and letters reads.",
    "doctor.limits": "The limits on this machine are those the store has adopted ({version}).",
    "doctor.calendar": "Working days are published until {until}.",
    "doctor.calendar_missing": (
        "The working days of {year} are not known (published until {until}); due times beyond are "
        "provisional. Update chinesecalendar, or add the days to your own calendars/working_days.yaml."
    ),
    "doctor.delivery_simulated": (
        "Payments and letters are simulated in this version: what F8 does is kept and journalled here, and "
        "nothing leaves this machine. Pay and write to customers by your own means."
    ),
    "doctor.locale": "The encoding of the locale is {encoding}; bdesk writes UTF-8.",
    "doctor.locale_other": (
        "The locale speaks {encoding}, not UTF-8; bdesk writes UTF-8 all the same. If Chinese looks wrong, "
        "set LANG to a UTF-8 one such as C.UTF-8, and the terminal to UTF-8."
    ),
    "doctor.terminal": "The terminal has {columns} x {lines} cells.",
    "doctor.terminal_small": (
        "The terminal has {columns} x {lines} cells; 80 x 24 are needed. Make the window larger."
    ),
    "doctor.terminal_none": "There is no terminal here to measure.",
    "doctor.keyring": "A sign-in can be kept by {backend}.",
    "doctor.keyring_none": "There is no keyring here: the desk asks for the password each time.",
    "doctor.keyring_plain": "{backend} keeps secrets unencrypted or unknown how; bdesk does not use it.",
    "doctor.keyring_locked": "The keyring is locked; unlock it, or the desk asks for the password each time.",
    "doctor.keyring_hangs": "The keyring does not answer; the desk asks for the password each time.",
    "doctor.keyring_fails": "The keyring refuses ({backend}); the desk asks for the password each time.",
}
