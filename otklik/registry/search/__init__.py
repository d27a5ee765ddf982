"""The language of the catalogue's search: what words, abbreviations, slips of the hand and other scripts come to.

Pure: no database, no clock, and no dictionary in memory. What is stored and asked is in operations/searching.py.
"""
