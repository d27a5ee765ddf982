"""The demonstration region, Novosibirsk oblast: facts, invented institutions, residents, and their loader."""
