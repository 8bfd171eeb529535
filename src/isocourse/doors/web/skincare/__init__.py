"""The ingredient checker: a list, two lists side by side, and the shelf of a patient."""
