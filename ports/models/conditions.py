"""Conditions that several constraints share."""

from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db.models import Q


def is_one_of(field: str, values: Iterable[str]) -> Q:
    """That a field has one of these values.

    Said as equalities: for IN, SQLite builds a table of the values anew for each row of an
    `executemany`, which makes a first load half as long again.
    """
    return reduce(or_, (Q(**{field: str(value)}) for value in values))
