"""What a report shows of region clusters."""
