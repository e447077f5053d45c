"""The wallet screen: the card of a frozen wallet above its walk, and the decision of the second person."""
