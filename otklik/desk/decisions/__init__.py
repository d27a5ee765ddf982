"""«Решения»: what many complaints led to, and what was false and is refuted, as the desk shows and takes them."""
