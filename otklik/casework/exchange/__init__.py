"""Incidents as a table of 47 columns, the layout in which centres keep and hand over their history. Pure.

`layout` says which columns there are and finds them in a file, `values` turns what a cell says into one exact text
and back into a cell: whatever was read is written again the same.
"""
