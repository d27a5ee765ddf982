"""What people type on the pages of the register, turned into values for its verbs, which say what fits."""
