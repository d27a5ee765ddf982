"""How events leave the network: pushed to callback servers with repeats, or fetched by Long Poll."""
