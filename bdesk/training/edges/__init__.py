"""The edge cases of training.md D6: facts and cases that every store of a whole size has, by their ids."""
