"""What a course asks of skin care: what an ingredient list holds, and which routine suits the person.

Pure: text and findings in, values out. May import `engine`, `record` and `errors`; a stranger to `plan` and `skin`.
It advises and never decides: nothing here says whether capsules may be supplied.
"""
