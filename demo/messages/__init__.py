"""What residents and official pages of the demonstration write, as templates and seeded generators.

Every text was written for this product. The same seed and day give the same messages in the same order,
each with the topics its author had in mind, so a run can be repeated and judged.
"""
