"""Photos of an answer where the answer is shown."""

from django import template

from otklik.desk.photos import numbers_of

register = template.Library()
register.filter("photo_numbers", numbers_of)
