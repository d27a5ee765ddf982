"""A schematic map of the region: each municipality is the land nearest to its centre.

The cells are computed from the centres and a hand-drawn outline. They are not boundaries, carry the mark
`schematic`, and give way to the true ones as soon as a region imports them.
"""
