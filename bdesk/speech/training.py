"""Texts for training stores."""

MESSAGES: dict[str, str] = {
    "seed.size": "There is no size {size}. Sizes: {allowed}.",
    "seed.scenario": "There is no scenario {scenario}. Scenarios: {allowed}.",
    "seed.real_store": "{store} is no training store and stays as it is. Give another BDESK_STORE to seed.",
    "seed.no_training": "{store} is no training store: only those have a coverage report.",
    "seed.desk_open": "A desk is open on {store}. Leave it there, then seed again.",
    "seed.reset_server": (
        "A store on a server is not reset. Seed an empty database, or drop this one first ({store})."
    ),
}
