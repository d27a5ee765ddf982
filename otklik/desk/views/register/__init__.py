"""Pages of the register at the desk: organisations, pages, onboarding, files, coverage, passports, look-alikes."""
