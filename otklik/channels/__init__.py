"""Connections to networks, their tokens, the outbox and its receipts; one folder per network.

Promises that an answer goes out at most once, and that the outcome of every attempt is a row.
"""
