"""Benchmarks: each prints JSON lines (`name`, `value`, `unit`, and where there is one `peer`, `peer_value`, `ratio`)."""
