"""The working rows of a port's document, as editors see them.

Texts are columns of django-modeltranslation, one per language; see `ports.translation`.
"""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ports.languages import SOURCE
from ports.models.conditions import is_one_of
from ports.models.part import LONGEST_TEXT, OrderedPart, WithdrawablePart
from ports.models.partial_date import PartialDateField, is_partial_date
from ports.models.port import Port
from ports.registry.claims import ClaimKind
from ports.registry.records import LAST_PORT, Status, Transport

TRANSPORT_CHOICES = [(transport.value, transport.upper()) for transport in Transport]


class Article(WithdrawablePart):
    """The story of a port: who registered it, what became of it, what to learn from it."""

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, verbose_name=_("port"), related_name="articles"
    )
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(
        _("summary"),
        max_length=600,
        blank=True,
        help_text=_("One or two sentences, shown at the head of the page."),
    )
    body = models.TextField(_("body"), max_length=LONGEST_TEXT, blank=True)
    lesson = models.TextField(
        # Translators: what readers can learn from a port's story.
        _("lesson"),
        max_length=LONGEST_TEXT,
        blank=True,
        help_text=_("Why this port is a useful lesson, where it is one."),
    )

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            models.UniqueConstraint(name="article_one_per_port", fields=["port"]),
        ]

    def __str__(self) -> str:
        return str(self.port_id)


class Assessment(WithdrawablePart):
    """Whether to worry about a port: how much, what is expected there, whom to expose it to."""

    class Level(models.TextChoices):
        """How much reason to worry there is when something listens on the port."""

        LOW = "low", _("Little reason to worry")
        # Translators: advice to find out which program listens on the port.
        MEDIUM = "medium", _("Look who listens")
        HIGH = "high", _("Reason to worry")

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, verbose_name=_("port"), related_name="assessments"
    )
    level = models.CharField(_("level"), max_length=6, choices=Level.choices)
    # Translators: the date on which an assessment was true.
    as_of = PartialDateField(_("as of"))
    expected = models.TextField(
        _("what to expect"),
        max_length=LONGEST_TEXT,
        help_text=_("What may listen there for good reasons, and what not."),
    )
    exposure = models.TextField(
        _("exposure"),
        max_length=LONGEST_TEXT,
        blank=True,
        help_text=_("From where the port should be reachable, if at all."),
    )

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(name="assessment_one_per_port", fields=["port"]),
            models.CheckConstraint(
                name="assessment_level_known",
                condition=is_one_of("level", ["low", "medium", "high"]),
            ),
            models.CheckConstraint(
                name="assessment_as_of_is_a_date", condition=is_partial_date("as_of")
            ),
        ]

    def __str__(self) -> str:
        return self.level


class History(OrderedPart):
    """A dated event in a port's life."""

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, verbose_name=_("port"), related_name="histories"
    )
    date = PartialDateField(_("date"))
    # Translators: what happened on a date in a port's history, in one line.
    title = models.CharField(_("event"), max_length=300)
    text = models.TextField(_("details"), max_length=LONGEST_TEXT, blank=True)

    class Meta:
        verbose_name = _("event in the port's history")
        verbose_name_plural = _("history of the port")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="history_date_is_a_date", condition=is_partial_date("date")
            ),
        ]

    def __str__(self) -> str:
        return self.date


class FAQ(OrderedPart):
    """A question that readers have about a port, and its answer."""

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, verbose_name=_("port"), related_name="faqs"
    )
    question = models.CharField(_("question"), max_length=300)
    answer = models.TextField(_("answer"), max_length=LONGEST_TEXT)

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(getattr(self, f"question_{SOURCE.code}") or self.uuid)


class Claim(OrderedPart):
    """Something the prose relies on that the registry can confirm or deny."""

    class Kind(models.TextChoices):
        """What is claimed of a port on a transport protocol."""

        # Translators: these four stand before a value: "its status is" "unassigned".
        STATUS = ClaimKind.STATUS, _("its status is")
        SERVICE = ClaimKind.SERVICE, _("it is registered as")
        ASSIGNEE = ClaimKind.ASSIGNEE, _("its assignee is")
        REGISTERED = ClaimKind.REGISTERED, _("its registration date is")

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, verbose_name=_("port"), related_name="claims"
    )
    claimed_port = models.PositiveIntegerField(
        _("claimed port"), validators=[MaxValueValidator(LAST_PORT)]
    )
    transport = models.CharField(_("transport protocol"), max_length=4, choices=TRANSPORT_CHOICES)
    kind = models.CharField(_("claim"), max_length=10, choices=Kind.choices)
    value = models.CharField(
        # Translators: what is claimed: a status, a service name, a person's name or a date.
        _("value"),
        max_length=200,
        help_text=_(
            "A status (assigned, reserved, unassigned, deassigned, dynamic), a service name, a "
            "name of a person or organisation, or a date (YYYY-MM)."
        ),
    )

    class Meta:
        # Translators: a stated fact that is checked against the registry.
        verbose_name = _("claim")
        verbose_name_plural = _("claims")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="claim_port_within_16_bits",
                condition=Q(claimed_port__gte=0, claimed_port__lte=LAST_PORT),
            ),
            models.CheckConstraint(
                name="claim_transport_known", condition=is_one_of("transport", Transport)
            ),
            models.CheckConstraint(name="claim_kind_known", condition=is_one_of("kind", ClaimKind)),
            models.CheckConstraint(name="claim_value_present", condition=~Q(value="")),
            models.CheckConstraint(
                name="claim_status_known",
                condition=~Q(kind=ClaimKind.STATUS.value) | is_one_of("value", Status),
                violation_error_message=_(
                    "A status is one of: assigned, reserved, unassigned, deassigned, dynamic."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claimed_port}/{self.transport} {self.kind} {self.value}"
