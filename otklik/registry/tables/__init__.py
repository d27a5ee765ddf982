"""Tables that people bring and take: files into lines, lines into wishes, wishes against the register, and back.

A file goes `reader` (lines with their numbers, whatever the format) → `layouts` (headers into fields, cells into
values) → `wishes` (what a line wants of organisations, obligations and pages) → `compare` (what that would change).
Nothing here writes to the database; the verbs are in `operations.imports`.
"""
