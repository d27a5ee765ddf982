"""Incidents, their clocks, moves, drafts and answers.

Promises that every move stores who, when, why and both deadlines, and that only a receipt makes an incident answered.
"""
