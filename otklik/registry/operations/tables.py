"""The reader of brought tables for other contexts: the same look inside, the same refusals, bounds of their own."""

from otklik.registry.operations.import_check import headers_of
from otklik.registry.tables.lines import Bounds, Line, Table, Unreadable
from otklik.registry.tables.reader import read as read_table

__all__ = ["Bounds", "Line", "Table", "Unreadable", "headers_of", "read_table"]
