"""What the screens of passports show: the list of pages, the lines of a passport, the pages of a person."""
