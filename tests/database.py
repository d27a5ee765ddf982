"""The database of the tests, for processes beside them."""

import os

from django.db import connection
from psycopg.conninfo import make_conninfo


def database_address() -> str:
    """Its address as DATABASE_URL takes it."""
    given = connection.settings_dict
    return make_conninfo(
        os.environ["DATABASE_URL"], dbname=given["NAME"], user=given["USER"], password=given["PASSWORD"]
    )
