"""Benchmarks: each prints JSON lines of `name`, `value`, `unit` and, if any, `peer`, `peer_value`, `ratio`."""
