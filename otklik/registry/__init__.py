"""The region's register: territory, organisations with their spheres and types, official pages and their badges, who
must keep a page where and who is exempt, the way to a page, passports of pages with their norms, look-alikes, brought
files, memberships, working calendars.

It promises that one organisation has one duty a network and at most one onboarding under way in it, that every change
of a field keeps what it was, with who and why, and that shipped lists never overwrite what a region changed.
"""
