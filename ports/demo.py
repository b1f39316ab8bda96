"""People in every role and texts in every state, for trying the editors' desk."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final, NamedTuple

from django.db import transaction
from django.utils import timezone

from ports import publishing
from ports.editorial import working
from ports.editorial.parts import column, kind_of_part
from ports.languages import SOURCE, Language, by_code
from ports.models import Article, Document, Edition, Port, Revision, Role, User

PEOPLE: Final = {
    "demo-writer": [("writer", "")],
    "demo-translator": [("translator", "tr")],
    "demo-reviewer": [("reviewer", "")],
    "demo-publisher": [("publisher", "")],
}
"""By name: the roles, each with its language, or "" for all."""

_FIRST_PORT: Final = 40_001
_TITLE: Final = "An example: %s"
_TURKISH_TITLE: Final = "Bir örnek: %s"


class _Step(NamedTuple):
    """A state to be reached, and how."""

    name: str
    reach: Callable[["_Demo", Document], None]


class DemoExistsError(RuntimeError):
    """The demo was loaded before."""


@transaction.atomic
def load_demo(password: str) -> list[str]:
    """Make the people, with this password, and an article in each state; say what was made.

    Raises DemoExistsError when one of the people is there already.
    """
    if User.objects.filter(username__in=PEOPLE).exists():
        raise DemoExistsError
    demo = _Demo({name: _person(name, roles, password) for name, roles in PEOPLE.items()})
    made = []
    for number, step in enumerate(_STEPS, start=_FIRST_PORT):
        document = Document.objects.create(kind=Document.Kind.PORT, port=Port(number))
        demo.write(document, step.name)
        step.reach(demo, document)
        made.append(f"{number}: {step.name}")
    return made


def _person(name: str, roles: list[tuple[str, str]], password: str) -> User:
    user = User.objects.create_user(name, password=password, is_staff=True)
    for kind, language in roles:
        Role.objects.create(user=user, kind=kind, language=language)
    user.working_languages = [language for _kind, language in roles if language]
    user.save()
    return user


class _Demo:
    """The people at work."""

    def __init__(self, people: dict[str, User]) -> None:
        self.writer = people["demo-writer"]
        self.translator = people["demo-translator"]
        self.reviewer = people["demo-reviewer"]
        self.publisher = people["demo-publisher"]

    def write(
        self,
        document: Document,
        name: str,
        *,
        significance: Revision.Significance = Revision.Significance.MEDIUM,
    ) -> None:
        self._put(document, SOURCE, _TITLE % name)
        publishing.save_revision(document=document, by=self.writer, significance=significance)

    def translate(self, document: Document, name: str) -> None:
        self._put(document, _turkish(), _TURKISH_TITLE % name)
        publishing.save_revision(document=document, by=self.translator)

    def submit(self, document: Document, language: Language = SOURCE) -> None:
        by = self.writer if language is SOURCE else self.translator
        publishing.submit(document=document, language=language, number=_latest(document, language),
                          by=by)  # fmt: skip

    def request_changes(self, document: Document, language: Language = SOURCE) -> None:
        publishing.request_changes(
            document=document,
            language=language,
            number=_latest(document, language),
            by=self.reviewer,
            note="Which program is this about?",
        )

    def approve(self, document: Document, language: Language = SOURCE) -> None:
        self.submit(document, language)
        publishing.approve(document=document, language=language,
                           number=_latest(document, language), by=self.reviewer)  # fmt: skip

    def publish(self, document: Document, language: Language = SOURCE) -> None:
        self.approve(document, language)
        publishing.publish(document=document, language=language, by=self.publisher)

    def plan(self, document: Document, *, days: int) -> None:
        publishing.schedule(
            document=document,
            language=SOURCE,
            number=_latest(document, SOURCE),
            by=self.publisher,
            live_from=timezone.now() + timedelta(days=days),
        )

    def unpublish(self, document: Document) -> None:
        publishing.unpublish(document=document, language=SOURCE, by=self.publisher)

    def expire(self, document: Document) -> None:
        now = timezone.now()
        publishing.schedule(
            document=document,
            language=SOURCE,
            number=_latest(document, SOURCE),
            by=self.publisher,
            live_until=now + timedelta(days=1),
        )
        publishing.carry_out_due(now + timedelta(days=2))

    def look_again(self, document: Document) -> None:
        today = timezone.now().date()
        publishing.plan_review(document=document, on=today, by=self.writer)
        publishing.open_due_reviews(today)

    @staticmethod
    def _put(document: Document, language: Language, title: str) -> None:
        kind = kind_of_part(document.kind, "article")
        row = Article.objects.filter(port=document.port_id).values("pk").first()
        values = {column("title", language): title}
        if row is None:
            working.insert(kind, document, values)
        else:
            working.update(Article, row["pk"], values)


def _latest(document: Document, language: Language) -> int:
    edition = Edition.objects.select_related("latest_revision").get(
        document=document, language=language.code
    )
    return edition.latest_revision.number if edition.latest_revision else 0


def _turkish() -> Language:
    return by_code("tr") or SOURCE


def _superseded(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.write(document, "live, and its successor too")
    demo.publish(document)


def _outdated(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.translate(document, "geride kalmış çeviri")
    demo.publish(document, _turkish())
    major = Revision.Significance.MAJOR
    demo.write(document, "live, its Turkish translation is behind", significance=major)
    demo.publish(document)


def _translation_in_review(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.translate(document, "incelenen çeviri")
    demo.submit(document, _turkish())


def _changes_requested(demo: _Demo, document: Document) -> None:
    demo.submit(document)
    demo.request_changes(document)


def _planned(demo: _Demo, document: Document) -> None:
    demo.approve(document)
    demo.plan(document, days=30)


def _newer_draft(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.write(document, "a draft of something better")


def _unpublished(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.unpublish(document)


def _expired(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.expire(document)


def _to_look_at_again(demo: _Demo, document: Document) -> None:
    demo.publish(document)
    demo.look_again(document)


_STEPS: Final = (
    _Step("draft", lambda _demo, _document: None),
    _Step("in review", _Demo.submit),
    _Step("changes requested", _changes_requested),
    _Step("approved", _Demo.approve),
    _Step("planned", _planned),
    _Step("live", _Demo.publish),
    _Step("live, with a newer draft", _newer_draft),
    _Step("superseded", _superseded),
    _Step("unpublished", _unpublished),
    _Step("expired", _expired),
    _Step("translation in review", _translation_in_review),
    _Step("translation behind", _outdated),
    _Step("live, to be looked at again", _to_look_at_again),
)
