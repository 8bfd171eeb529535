"""Guidance: the evidence library, how the medicine works, where it comes from. About no patient."""
