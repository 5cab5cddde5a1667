"""Plots as inline SVG: each draws plain rows, and none knows a probe."""
