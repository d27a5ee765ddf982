"""Rules of routing and the reasons of a route in words."""

from django import template

from otklik.desk.triage import words

register = template.Library()
register.filter("rule_conditions", words.conditions)
register.filter("rule_target", words.target_words)
register.filter("because_words", words.because_words)
