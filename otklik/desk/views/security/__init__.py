"""Pages of the security officer."""
