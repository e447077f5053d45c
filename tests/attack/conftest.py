"""The store, the desks and the order of the tests of operations."""

from tests.operations.conftest import buyer, chief, desk, kept, phases, placed, ports, store

__all__ = ["buyer", "chief", "desk", "kept", "phases", "placed", "ports", "store"]
