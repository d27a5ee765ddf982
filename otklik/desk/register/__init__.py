"""What the pages of the register at the desk show: the list of organisations, cards, histories, onboarding."""
