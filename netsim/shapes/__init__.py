"""Records of the world as VK 5.199 shows them: pure functions from a record to JSON, shared by methods and
events.

A few fields are sent that the official schema does not declare, as the real network does (`style`, `header`,
`check_sign`, `reaction_set_id`): a connector must ignore what it does not know.
"""
