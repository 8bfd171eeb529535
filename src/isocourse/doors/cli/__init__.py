"""The command line. Start reading at `main.py`; each command is a few lines that read, call and print."""
