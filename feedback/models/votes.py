"""Readers' votes, and what each of them adds to the tallies.

Only `feedback.voting` writes these tables; `feedback.tallying` takes differences away.
"""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.languages import LANGUAGES
from ports.models import Port
from ports.models.conditions import is_one_of

LANGUAGE_CHOICES = [(language.code, language.name) for language in LANGUAGES]
LANGUAGE_CODES = [language.code for language in LANGUAGES]


class Face(models.TextChoices):
    """The three answers to "Was this page useful?"."""

    # Translators: answer to "Was this page useful?", beside a sad face.
    SAD = "sad", pgettext_lazy("answer", "No")
    # Translators: answer to "Was this page useful?", beside a doubtful face.
    DOUBTFUL = "doubtful", pgettext_lazy("answer", "Partly")
    # Translators: answer to "Was this page useful?", beside a happy face.
    HAPPY = "happy", pgettext_lazy("answer", "Yes")


class Vote(models.Model):
    """One reader's answer on one page, a port in a language.

    `revision_number` is that of the article the reader saw, in `text_language`: the page's own or,
    where there was no translation, the source language; 0 and "" for a page without an article.

    `voter` is what tells two voters of one page and day apart. It is made with a key of that day
    which is stored nowhere (see `ports.clients.day_key`), of an address, of this page and of how
    many votes came from there before: neither the address nor another vote of the same reader can
    be found by it. It is "" in votes from before there was one.
    """

    port = models.ForeignKey(Port, on_delete=models.PROTECT, verbose_name=_("port"))
    language = models.CharField(_("language"), max_length=10, choices=LANGUAGE_CHOICES)
    text_language = models.CharField(
        # Translators: the language of the article that a reader saw.
        _("language of the text"),
        max_length=10,
        choices=LANGUAGE_CHOICES,
        blank=True,
        default="",
    )
    revision_number = models.PositiveIntegerField(
        _("revision number"), default=0, help_text=_("0: a page without an article.")
    )
    face = models.CharField(_("face"), max_length=8, choices=Face.choices)
    cast_on = models.DateField(_("cast on"))
    voter = models.CharField(max_length=32, blank=True, default="", editable=False)

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        constraints = [
            models.CheckConstraint(
                name="vote_face_known", condition=Q(face__in=["sad", "doubtful", "happy"])
            ),
            models.CheckConstraint(
                name="vote_language_known",
                condition=Q(language__in=[language.code for language in LANGUAGES]),
            ),
            models.CheckConstraint(
                name="vote_text_language_known",
                condition=is_one_of("text_language", ["", *LANGUAGE_CODES]),
            ),
            models.UniqueConstraint(
                name="vote_once_per_voter",
                fields=["voter", "cast_on", "port", "language", "text_language", "revision_number"],
                condition=~Q(voter=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.face}"


class VoteDelta(models.Model):
    """What a vote, or a change of one, adds to a page's tallies, until it is counted.

    A vote adds 1 to its face; a changed one takes 1 from the face it had before. Its port has no
    constraint of its own: the vote written beside it has.
    """

    port = models.ForeignKey(
        Port, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )
    language = models.CharField(max_length=10)
    text_language = models.CharField(max_length=10)
    revision_number = models.PositiveIntegerField()
    day = models.DateField()
    face = models.CharField(max_length=8)
    difference = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="vote_delta_face_known",
                condition=is_one_of("face", ["sad", "doubtful", "happy"]),
            ),
            models.CheckConstraint(
                name="vote_delta_is_one", condition=Q(difference=1) | Q(difference=-1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.port_id} {self.language} {self.face} {self.difference:+}"
