"""Half-typed words of an overlay: kept with the case at every change, gone once they were used."""

from collections.abc import Callable

from bdesk.models.views.changed import Changed
from bdesk.screens.case.host import CaseHost


def text(host: CaseHost, case_id: int, field: str) -> str:
    """The words as they were left."""
    return str(host.place.desk.drafts.load(f"case:{case_id}").get(field, ""))


def keeping(host: CaseHost, case_id: int, field: str) -> Callable[[str], None]:
    """Keeps what is typed."""
    return lambda typed: host.place.desk.drafts.save(f"case:{case_id}", field, typed)


def forget(host: CaseHost, case_id: int, field: str) -> None:
    """They were used."""
    host.place.desk.drafts.save(f"case:{case_id}", field, None)


def forgetting(host: CaseHost, case_id: int, field: str) -> Callable[[Changed], None]:
    """Forgets them once the operation is done."""
    return lambda _changed: forget(host, case_id, field)
