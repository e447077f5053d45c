"""The door of a database server: whether it lets us in with the password at hand.

Without one in the address libpq itself looks into PGPASSWORD, PGPASSFILE and ~/.pgpass.
"""

from bdesk.data.engine import PASSWORD_MISSING, PASSWORD_WRONG, SECRETS, make_engine, parse, spoken
from bdesk.errors import StoreProblem


def is_server(url: str) -> bool:
    """Whether the store is reached through a server. Raises BadInput("store.url")."""
    return parse(url).get_backend_name() != "sqlite"


def refusal(url: str) -> StoreProblem | None:
    """Why the server does not let us in: store.password_missing or store.password_wrong; None where it does.

    Raises what `open_store` raises for one that cannot be asked.
    """
    parts = parse(url)
    try:
        with spoken(parts):
            engine = make_engine(parts, writes=False)
            try:
                engine.connect().close()
            finally:
                engine.dispose()
    except StoreProblem as problem:
        if problem.code in (PASSWORD_MISSING, PASSWORD_WRONG):
            return problem
        raise
    return None


def with_password(url: str, password: str) -> str:
    """The address with a password in it: for opening, never for showing."""
    return parse(url).set(password=password).render_as_string(hide_password=False)


def without_password(url: str) -> str:
    """The address that says whose password it is, and under which it is kept."""
    return parse(url)._replace(password=None).difference_update_query(SECRETS).render_as_string()
