"""The demonstration region, Novosibirsk oblast: facts, invented institutions and residents, and their loader."""
