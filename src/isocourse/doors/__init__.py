"""Doors: where the outside comes in. Only here are files named by a user read, and the clock asked."""
