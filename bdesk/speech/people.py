"""Texts for staff, sign-in, passwords, groups and roles."""

MESSAGES: dict[str, str] = {
    "role.cannot_announce": "As {role} you announce nothing. A supervisor can.",
    "announcement.days": "{last} is over, or more than {days} days ahead. Choose a day between.",
    "announcement.unknown": "No announcement {number} is told now. See `bdesk announce list`.",
    "role.cannot_reveal": "As {role} you see what is masked as it is. A supervisor can look, with a reason.",
    "reveal.on_call": "Not during a call: whoever is on the line may be somebody else. End it, then look.",
    "reveal.no_call_back": (
        "You owe this customer no call back. Promise one on a case that you hold (F10), or ask a supervisor."
    ),
    "reveal.no_number": (
        "No number here is known to be the customer's own: it changed lately. Ask a supervisor; do not ring."
    ),
    "reveal.reason": "Say why: one of {known}.",
    "as.missing": "Say who acts: --as NUMBER or BDESK_AS.",
    "as.training": (
        "This is a training store: say who acts with --as NUMBER, such as one that `bdesk seed` listed."
    ),
    "staff.unknown": "Nobody with the number {number} works here. bdesk staff list shows who does.",
    "staff.disabled": "The number {number} was disabled. Nothing was saved: leave the desk.",
    "staff.number": "{number} cannot be a staff number. Use up to 16 letters and digits.",
    "staff.taken": "The number {number} is taken. Choose another one.",
    "staff.not_yourself": "Nobody disables themselves; ask another administrator.",
    "staff.first_admin": "The first person of a store must be an administrator.",
    "staff.state": "State: {state}",
    "staff.language": "Language changed; it shows at the next sign-in",
    "group.unknown": "There is no group {group}. Use one of those that F7 offers.",
    "group.not_theirs": "The group {group} is none of yours. Choose one of those that are offered.",
    "state.not_first": "A shift does not begin with the state {state}. Choose one of those that are offered.",
    "group.hotline": "hotline team",
    "group.after_sale": "after-sales team",
    "group.payment": "payments team",
    "group.risk": "risk team",
    "group.appeals": "appeals team",
    "group.technical": "technical team",
    "group.warehouse": "warehouse",
    "group.merchant": "merchant",
    "group.courier": "courier",
    "password.han": (
        "The password has Chinese characters in it: the input method is still on. Switch it off and "
        "type again."
    ),
    "password.short": "A password needs at least {shortest} characters.",
    "password.long": "A password has at most {longest} characters. Choose a shorter one.",
    "password.same": "The new password is the old one. Choose another one.",
    "password.differ": "The two passwords are not the same. Nothing was done.",
    "password.file": (
        "The password file {path} must be a file of yours that nobody else can read. Run: chmod 600 {path}"
    ),
    "password.unreadable": "The password file {path} cannot be read.",
    "password.must_change": (
        "Somebody else chose your password. Sign in at the desk or a terminal and choose your own, "
        "or set {name}."
    ),
    "staff.locked": "The number {number} was disabled. This desk is locked; what you typed is kept.",
    "staff.signed_out": (
        "{number} was signed out everywhere. Nothing more is saved here: leave and sign in again."
    ),
    "password.no_terminal": "There is no terminal to ask for a password. Set {name} or {name}_FILE.",
    "sign_in.refused": "Number or password is wrong. Type both again.",
    "sign_in.wait": "Too many wrong passwords. Try again in {seconds} seconds.",
    "stay.over": "Your sign-in is no longer kept here. Type your password.",
    "stay.locked": "The desk was locked when it ended. Type your password.",
    "stay.none": "Not kept: there is no keyring here.",
    "stay.plain": "Not kept: the keyring here does not encrypt.",
    "stay.locked_keyring": "Not kept: the keyring is locked.",
    "stay.hangs": "Not kept: the keyring does not answer.",
    "stay.fails": "Not kept: the keyring refuses.",
    "staff.no_customer": (
        "There is no customer with the account {account}. Import customers first, or check it."
    ),
    "staff.what_customer": "Say whose matters are not theirs: --account, --relative, or --none for nobody's.",
    "skills.both": "{kind} cannot be added and taken away at once: name it once.",
    "skills.not_theirs": "{number} does not have the skill {kind}. bdesk staff list shows what they have.",
    "role.only_admin": "Only an administrator may do this; you are signed in as {role}. Ask one of them.",
    "role.cannot_name": (
        "Only managers and administrators say who stands in for whom; you are signed in as {role}. Ask one "
        "of them."
    ),
    "stand_in.own_role": (
        "You stand in yourself. Ask somebody whose own role it is to say who stands in for whom."
    ),
    "stand_in.not_yourself": "Nobody names themselves. Ask another manager or an administrator.",
    "stand_in.role": (
        "{number} ({own}) cannot stand in for {role}. Choose somebody of a lower role, for risk a senior or "
        "above; nobody stands in for an administrator."
    ),
    "stand_in.days": "The last day {last} is before the first {first}. Give the earlier one first.",
    "stand_in.past": "{first} is past. Choose today or a later day.",
    "stand_in.too_long": "Nobody stands in for more than {days} days. Choose fewer.",
    "stand_in.overlaps": (
        "{number} stands in for {role} in these days already. Choose others, or end number {stand_in} first: "
        "bdesk staff stand-in end."
    ),
    "stand_in.unknown": "There is no stand-in {number}: bdesk staff stand-in list shows them.",
    "stand_in.over": "The stand-in {number} is over; nothing is left to do.",
    "role.cannot_import": (
        "Only administrators import, who work no cases; you are signed in as {role}. Ask one of them."
    ),
    "role.cannot_approve": "As {role} you cannot decide approvals. A supervisor can.",
    "role.cannot_work_cases": "As {role} you keep staff and settings, not cases. Sign in as an agent.",
    "role.cannot_erase": "Only a supervisor or above erases texts; you are {role}. Ask one of them.",
    "as.real_store": "--as is for training stores. Start without it and sign in.",
    "desk.no_terminal": (
        "The desk needs a terminal to paint on. Run it in one, or use the other commands: bdesk --help."
    ),
    "queue.section": "{section} is no section of the queue. Use one of: {allowed}.",
    "approval.one_verdict": "Give one of --approve, --refuse and --return.",
    "role.cannot_void": "As {role} you cannot void failed checks. Another person can: raise the case (F7).",
    "role.cannot_stop_clocks": "As {role} you cannot end clocks by hand. A supervisor can.",
}
