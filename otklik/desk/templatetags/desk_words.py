"""Moves, reasons, places and networks in words; addresses that are safe to open."""

from django import template

from otklik.desk import shown
from otklik.desk.rules import safe_url

register = template.Library()
register.filter("move_words", shown.move)
register.filter("reason_words", shown.reason)
register.filter("place_words", shown.place)
register.filter("network_words", shown.network)
register.filter("hours_words", shown.hours)
register.filter("safe_url", safe_url)
