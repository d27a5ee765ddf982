"""Who did what, when and why; who read personal data.

Promises that a line, once written, is never changed: the database refuses it.
"""
