"""The addresses machines talk to: methods, uploads, pictures, Long Poll. Pages for people live in
`netsim.pages`."""
