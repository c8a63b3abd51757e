"""Checks of state machines."""
