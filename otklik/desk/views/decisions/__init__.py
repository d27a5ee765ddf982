"""Pages of «Решения»: systemic decisions with what they rest on and whether they helped, refuted fakes."""
