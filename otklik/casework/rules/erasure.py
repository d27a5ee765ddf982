"""The term of a request for erasure. Pure."""

from datetime import datetime

from otklik.common.worktime import WorkCalendar

WORKING_DAYS = 10
"""152-ФЗ, art. 21, part 5.1 (as amended by 266-ФЗ of 14.07.2022): ten working days from the receipt of the demand."""


def due_of(received_at: datetime, calendar: WorkCalendar) -> datetime:
    """The end of the last working day of the term; days are counted from the next one."""
    return calendar.working_days_after(received_at, WORKING_DAYS)
