"""One patient: the decision and why, the course in one picture, the flowsheet, the story."""
