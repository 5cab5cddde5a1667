"""Policies and the verdicts that follow from them."""
