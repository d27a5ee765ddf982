"""VK: payloads into `Incoming`, answers into calls, read-back, registration, Long Poll and the sweep.

`parse` and `errors` are pure; the rest reaches the network only through `api`. Why it is built so and what is
not known about VK stands in docs/adr/0007-vk-connector.md.
"""
