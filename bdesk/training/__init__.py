"""Training stores: an invented shop, its customers and a believable day of work, made from one number.

Nothing here reads the wall clock or the machine's randomness: the same seed and the same `now` give the
same store to the byte. Nobody in it exists (training.md D2, D3).
"""
