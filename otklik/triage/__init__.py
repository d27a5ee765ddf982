"""Verdicts about messages: kind, topic, urgency, with confidence and the words they rest on.

Promises that a topic is always one of the active list.
"""
