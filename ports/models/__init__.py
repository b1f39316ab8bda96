"""The tables: the registry's facts, and the people who edit."""

from ports.models.assignment import Assignment
from ports.models.port import Port
from ports.models.snapshot import Snapshot
from ports.models.user import User

__all__ = ["Assignment", "Port", "Snapshot", "User"]
