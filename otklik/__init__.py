"""Otklik: the open system for the whole job of a regional management centre (ЦУР). One package per context."""
