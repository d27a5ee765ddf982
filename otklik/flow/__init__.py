"""The road of a message from a network to an incident and of an answer back, and the timetable of all periodic work."""
