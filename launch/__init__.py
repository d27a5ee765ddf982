"""The program `otklik`: starts, checks and feeds the whole system.

The only package that knows all the others; nobody knows it.
"""
