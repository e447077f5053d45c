"""SHOWING: screens get what they need by constructor, ask the desk, and draw with widgets. No SQL here."""
