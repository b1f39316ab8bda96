"""The tables: the registry's facts, what editors write, what is published, and the people."""

from ports.models.article import FAQ, Article, Assessment, Claim, History
from ports.models.assignment import Assignment
from ports.models.comment import Comment
from ports.models.document import Document, Edition
from ports.models.edition_events import PublicationEvent, WorkEvent
from ports.models.gloss import Gloss
from ports.models.glossary_term import GlossaryTerm
from ports.models.notice import Notice
from ports.models.page_reads import PageReads
from ports.models.port import Port
from ports.models.public_state import PublicState
from ports.models.refresh_run import RefreshRun
from ports.models.registry_change import RegistryChange
from ports.models.registry_file import RegistryFile
from ports.models.revision import Revision
from ports.models.role import Role
from ports.models.snapshot import Snapshot
from ports.models.source import Source
from ports.models.source_link import SourceLink
from ports.models.usage import Usage
from ports.models.user import User
from ports.models.work_item import WorkItem

__all__ = [
    "FAQ",
    "Article",
    "Assessment",
    "Assignment",
    "Claim",
    "Comment",
    "Document",
    "Edition",
    "Gloss",
    "GlossaryTerm",
    "History",
    "Notice",
    "PageReads",
    "Port",
    "PublicState",
    "PublicationEvent",
    "RefreshRun",
    "RegistryChange",
    "RegistryFile",
    "Revision",
    "Role",
    "Snapshot",
    "Source",
    "SourceLink",
    "Usage",
    "User",
    "WorkEvent",
    "WorkItem",
]
