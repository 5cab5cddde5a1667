"""Statistics over clustered observations."""
