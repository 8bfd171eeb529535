"""The jobs: what happens without anybody asking. Start reading at `loop.py`."""
