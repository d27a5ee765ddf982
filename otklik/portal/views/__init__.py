"""Pages of residents: each reads, none asks for a login, all work without JavaScript."""
