"""Decisions of the register. Pure: reach, readiness of a page, the weekly light, steps of onboarding, resemblance."""

from otklik.registry.rules.reach import Reach

__all__ = ["Reach"]
