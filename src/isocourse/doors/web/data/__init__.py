"""The same as data: a patient's record, answer and plan as JSON, and any record assessed. Described by OpenAPI."""
