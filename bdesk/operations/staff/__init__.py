"""Who works here: signing in and staying so, standing in, skills, what everybody is told."""
