"""The simulator against the official schema, its own promises, and clients that somebody else wrote."""
