"""A faithful simulator of the social networks. It knows nothing of Otklik; a connector cannot tell it from
the network."""
