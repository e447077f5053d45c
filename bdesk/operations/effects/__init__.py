"""EFFECTS: money, letters, releases and the other things an answer does (ARCHITECTURE, Effects).

`rules` and the book name them; here is one handler each. Those that send a message or move money go
through the strip (`strip`), are committed by F8 (`commit`), held in the outbox, and can be taken back
while they are held (`recall`).
"""
