"""What supervisors and managers do on cases that others hold, each deed with its reason (B0.1, B0.7, P15)."""
