"""The demonstration region as data: places, authorities and pages of Novosibirsk oblast.

Names, codes, coordinates and populations are facts; institutions below the authorities, their
pages and all staff are invented. Everything here is plain values: no Django, no network, so a test
can read the whole region without a database.
"""
