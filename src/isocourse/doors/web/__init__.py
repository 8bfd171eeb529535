"""The pages: server-rendered, for a clinic's screens. Asks the clock, checks who may, calls care, shows words.

Start reading at `urls.py` (every page with its view), `needs.py` and `access.py` (who may open it), `settings.py` (how
it runs and what it refuses), then the folder of a page: views, forms and templates of one name belong together.
"""
