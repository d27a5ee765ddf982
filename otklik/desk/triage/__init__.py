"""What the pages of «Разбор» show and ask, beside their views."""
