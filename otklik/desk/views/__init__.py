"""The pages and actions of the desk. Each view checks reach, makes one call and shows what came of it."""
