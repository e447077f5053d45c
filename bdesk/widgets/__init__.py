"""Drawing: widgets that are given values and post messages. No desk, no SQL, no app."""
