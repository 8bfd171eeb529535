"""From a decision to a prescription on paper, an override where one is allowed, and what was supplied."""
