"""The glossary: words that patients and staff meet, with a search as one types."""
