"""The sources that editors' texts rest on."""

from django.core.validators import RegexValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ports.models.gloss import Gloss
from ports.models.part import OrderedPart
from ports.models.partial_date import PartialDateField, is_partial_date
from ports.models.port import Port
from ports.models.usage import Usage


class Source(OrderedPart):
    """A citation, shown as a numbered footnote; texts cite it by its key: `[^key]`."""

    port = models.ForeignKey(
        Port, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("port"),
        related_name="sources",
    )  # fmt: skip
    usage = models.ForeignKey(
        Usage, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("usage"),
        related_name="sources",
    )  # fmt: skip
    gloss = models.ForeignKey(
        Gloss, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("gloss"),
        related_name="sources",
    )  # fmt: skip
    key = models.CharField(
        # Translators: a short word by which texts cite a source, such as "rfc6335".
        pgettext_lazy("citation", "key"),
        max_length=40,
        validators=[
            RegexValidator(
                r"\A[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z",
                _("A key has small letters a-z, digits and hyphens only, such as “rfc6335”."),
            )
        ],
        help_text=_("Texts cite the source by it: [^key]."),
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("In the language of the source.")
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    url = models.CharField(
        # Translators: the web address (URL) of a source.
        pgettext_lazy("citation", "address"),
        max_length=1000,
        validators=[
            URLValidator(schemes=["https", "http"]),
            # In small letters, as the database wants it.
            RegexValidator(r"\Ahttps?://", _("Begins with https:// or http://.")),
        ],
        help_text=_("Begins with https:// or http://."),
    )
    published = PartialDateField(pgettext_lazy("citation", "published"), blank=True)

    class Meta:
        # Translators: a cited document on which a text rests, shown as a footnote.
        verbose_name = pgettext_lazy("citation", "source")
        verbose_name_plural = pgettext_lazy("citation", "sources")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                name="source_of_one_document",
                condition=Q(port__isnull=False, usage__isnull=True, gloss__isnull=True)
                | Q(port__isnull=True, usage__isnull=False, gloss__isnull=True)
                | Q(port__isnull=True, usage__isnull=True, gloss__isnull=False),
            ),
            models.CheckConstraint(name="source_key_present", condition=~Q(key="")),
            models.CheckConstraint(name="source_title_present", condition=~Q(title="")),
            models.CheckConstraint(
                name="source_url_is_web_address",
                condition=Q(url__startswith="https://") | Q(url__startswith="http://"),
            ),
            models.CheckConstraint(
                name="source_published_is_a_date",
                condition=Q(published="") | is_partial_date("published"),
            ),
            *(
                models.UniqueConstraint(
                    name=f"source_key_once_on_{owner}",
                    fields=[owner, "key"],
                    condition=Q(removed_at__isnull=True),
                )
                for owner in ("port", "usage", "gloss")
            ),
        ]

    def __str__(self) -> str:
        return self.key
