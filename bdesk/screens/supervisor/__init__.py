"""The supervisor's screen: requests, raised cases, clocks about to be missed, the team's load."""
