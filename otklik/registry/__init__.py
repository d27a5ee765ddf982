"""The region: municipalities, organisations, official pages, memberships, working calendars."""
