"""Raw events, messages, threads, authors and attachments, exactly as received.

Promises that an accepted event is never lost and never doubled.
"""
