"""Pages of «Разбор»: routes with their test table, topics with their versions."""
