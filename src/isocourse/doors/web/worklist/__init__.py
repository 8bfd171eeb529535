"""The worklist: what there is to do today, for whom, and in which order."""
