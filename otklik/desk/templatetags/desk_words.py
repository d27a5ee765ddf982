"""Moves, reasons, places and networks in words; addresses that are safe to open."""

from django import template

from otklik.casework.operations import masked, masked_line, masked_name
from otklik.desk import shown
from otklik.desk.rules import safe_url

register = template.Library()
register.filter("move_words", shown.move)
register.filter("reason_words", shown.reason)
register.filter("place_words", shown.place)
register.filter("network_words", shown.network)
register.filter("hours_words", shown.hours)
register.filter("safe_url", safe_url)
register.filter("masked", masked_line)
# Of what people wrote about a card: as it stands for whoever has opened its personal data, else masked.
register.filter("unless_open", lambda text, opened: text if opened else masked(text))
register.filter("masked_name", lambda name: masked_name(name or ""))
