"""The load of a large clinic: many courses in a real database, many people at their pages at once."""
