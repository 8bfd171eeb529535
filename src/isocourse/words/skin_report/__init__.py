"""What photographs were measured to show, for people to read: one web page by itself, or a PDF.

`sheet.py` says it as data, `pictures.py` draws it, `html.py` and `paper.py` set it. Nothing here decides, names a
cause or ranks a person among others.
"""
