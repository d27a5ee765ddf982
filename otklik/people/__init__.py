"""Accounts of staff and their login.

Promises that one human is one account; what an account may do for which body is a membership in `registry`.
"""
