"""What the security officer looks through: who asks for it, and by which filters."""
