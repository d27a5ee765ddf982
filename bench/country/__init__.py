"""Organisations of the whole country, invented around true names of places: 150 000 pages to search among.

Names of places are read from ../shared at run time; nothing of them is kept here. The same seed gives the same country.
"""

from bench.country.institutions import Body, country, regional_share

__all__ = ["Body", "country", "regional_share"]
