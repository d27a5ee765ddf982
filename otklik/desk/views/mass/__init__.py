"""The pages of mass problems."""
