"""Posts of official pages: what a comment was written under."""
