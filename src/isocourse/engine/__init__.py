"""The engine: from protocol files to explained decisions. Pure once the files are read.

Imports `isocourse.record`, sqlglot and PyYAML. `load.py` is the only module that opens files, and only the
protocol's. Start reading at `language.py` (what a condition may say), then `model.py` (what the files hold),
`load.py` and `documents.py` (reading them strictly), `edition.py` (one programme, its dates, compiled),
`python_backend.py` (the reference semantics), `decide.py` and `because.py` (the answer and its reasons).
"""
