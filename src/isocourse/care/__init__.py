"""Care: the only writers. Small atomic actions: keyword-only, with `by=` and `now=`; the audit row and the new
decision in the same transaction; messages leave from an outbox after the commit.

May import everything below the doors. Start reading at `permissions.py` (who may do what), `recording.py` (writing
events down, the one way in), `deciding.py` (from a record to a stored decision and the work it asks for), `audit.py`.
"""
