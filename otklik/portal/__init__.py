"""The public site for residents: the catalogue of official pages, the check of a page, feeds and open data."""
