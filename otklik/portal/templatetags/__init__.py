"""Words and marks that only pages of residents use."""
