"""The methods of VK API 5.199 this simulator knows, one module per section, each registered in one table.

A method is a function of a `Call` (the world, the token, the parameters) that returns what stands under
`response`
or raises `ApiError`. Which token kinds and which scope it needs is said where it is registered (networks.md
§1.2).
"""
