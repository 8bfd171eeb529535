"""For administrators: who signs in, and the audit."""
