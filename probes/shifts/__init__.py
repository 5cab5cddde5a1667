"""Distribution shifts: corruptions, acquisition physics and slices of real data."""
