"""Laboratory reports: pasted or uploaded, matched by a person, filed."""
