"""Model adapters, one per kind of spec."""
