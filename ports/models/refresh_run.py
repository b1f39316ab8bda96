"""The runs of the registry's refresh: who asked, what became of it."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ports.models.conditions import is_one_of
from ports.models.registry_file import RegistryFile
from ports.models.snapshot import Snapshot


class RefreshRunQuerySet(models.QuerySet["RefreshRun"]):
    """Questions about runs, by name."""

    def waiting(self, now: datetime) -> Self:
        """The runs to be taken up: those that are due, the first that became so first."""
        return self.filter(state=RefreshRun.State.QUEUED, due_at__lte=now).order_by("due_at", "id")

    def abandoned(self, now: datetime) -> Self:
        """The runs whose worker has not been heard of for as long as its lease."""
        return self.filter(state=RefreshRun.State.RUNNING, lease_until__lt=now)

    def ended(self) -> Self:
        """The runs that have come to an end, whichever."""
        return self.exclude(state__in=[RefreshRun.State.QUEUED, RefreshRun.State.RUNNING])


class RefreshRun(models.Model):
    """One refresh that was asked for. This row is the truth; messages to workers are only nudges.

    A worker that takes a run up counts `attempts` up and holds it until `lease_until`; whoever has
    the last attempt may end the run. `reason` and `figures` say why it was refused or failed (see
    `ports.registry.reasons`), and `file` is then what came. `accepts` is the refused run whose file
    a person accepts, with `acceptance` as their reason.
    """

    class State(models.TextChoices):
        """How far it is."""

        # Translators: the states of a refresh of the registry.
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        APPLIED = "applied", _("Applied")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")
        FAILED = "failed", _("Failed")

    class Door(models.TextChoices):
        """What asked for it."""

        # Translators: who asked for a refresh of the registry.
        SCHEDULE = "schedule", _("The schedule")
        ADMIN = "admin", _("An editor")
        COMMAND = "command", _("The command line")

    class Step(models.TextChoices):
        """What a running one is doing."""

        # Translators: what a refresh of the registry is doing.
        GETTING = "getting", _("Getting the file")
        WRITING = "writing", _("Comparing and writing")

    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.QUEUED)
    door = models.CharField(_("asked by"), max_length=8, choices=Door.choices)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("person"),
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked at"))
    due_at = models.DateTimeField(_("due at"))
    source = models.CharField(_("source"), max_length=500)
    accepts = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("accepts the file of"),
        related_name="acceptances",
    )
    acceptance = models.TextField(_("why the file is accepted"), max_length=1000, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    lease_until = models.DateTimeField(_("held until"), null=True, blank=True)
    step = models.CharField(_("step"), max_length=7, choices=Step.choices, blank=True)
    bytes_received = models.PositiveIntegerField(_("bytes received"), null=True, blank=True)
    bytes_expected = models.PositiveIntegerField(_("bytes expected"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=20, blank=True)
    figures = models.JSONField(_("figures"), default=dict, blank=True)
    record_count = models.PositiveIntegerField(_("number of records"), null=True, blank=True)
    rejected_count = models.PositiveIntegerField(
        _("number of rejected rows"), null=True, blank=True
    )
    added_count = models.PositiveIntegerField(_("records added"), null=True, blank=True)
    removed_count = models.PositiveIntegerField(_("records removed"), null=True, blank=True)
    modified_count = models.PositiveIntegerField(_("records modified"), null=True, blank=True)
    statuses_changed = models.PositiveIntegerField(
        _("ports with another status"), null=True, blank=True
    )
    changes_told = models.PositiveIntegerField(_("changes told"), null=True, blank=True)
    snapshot = models.ForeignKey(
        Snapshot,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("snapshot"),
        related_name="runs",
    )
    file = models.ForeignKey(
        RegistryFile,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("refused file"),
        related_name="runs",
    )

    objects = RefreshRunQuerySet.as_manager()

    class Meta:
        # Translators: one refresh of the registry, from asking for it to its end.
        verbose_name = _("refresh of the registry")
        verbose_name_plural = _("refreshes of the registry")
        ordering = ["-id"]
        permissions = [
            ("request_refresh", "Can ask for a refresh of the registry"),
            ("accept_refused_file", "Can accept a file of the registry that was refused"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="refresh_run_one_running",
                fields=["state"],
                condition=Q(state="running"),
            ),
            models.CheckConstraint(
                name="refresh_run_state_known",
                condition=is_one_of(
                    "state", ["queued", "running", "applied", "unchanged", "refused", "failed"]
                ),
            ),
            models.CheckConstraint(
                name="refresh_run_door_known",
                condition=is_one_of("door", ["schedule", "admin", "command"]),
            ),
            models.CheckConstraint(
                name="refresh_run_held_while_running",
                condition=Q(state="running", lease_until__isnull=False)
                | ~Q(state="running") & Q(lease_until__isnull=True),
            ),
            models.CheckConstraint(
                name="refresh_run_ends_once",
                condition=Q(state__in=["queued", "running"], ended_at__isnull=True)
                | ~Q(state__in=["queued", "running"]) & Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="refresh_run_says_why_not",
                condition=Q(state__in=["refused", "failed"]) & ~Q(reason="")
                | ~Q(state__in=["refused", "failed"]) & Q(reason=""),
            ),
            models.CheckConstraint(
                name="refresh_run_acceptance_has_a_reason_and_a_person",
                condition=Q(accepts__isnull=True, acceptance="")
                | Q(accepts__isnull=False, asked_by__isnull=False) & ~Q(acceptance=""),
            ),
            models.CheckConstraint(
                name="refresh_run_applied_a_snapshot",
                condition=~Q(state="applied") | Q(snapshot__isnull=False),
            ),
        ]
        indexes = [
            # The worker looks every few seconds for runs to take up.
            models.Index(
                F("due_at"), name="refresh_run_open", condition=Q(state__in=["queued", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.get_state_display()}"

    @property
    def has_ended(self) -> bool:
        return self.ended_at is not None
