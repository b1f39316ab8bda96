"""The registry's files as they came, compressed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RegistryFile(models.Model):
    """A file of the registry, kept so that the registry can be given back as it stood.

    `content` is the file's text, gzipped, with e-mail addresses left out. `sha256` is that of the
    file as it came.
    """

    sha256 = models.CharField("SHA-256", max_length=64, unique=True)
    content = models.BinaryField(_("content"), editable=False)
    kept_at = models.DateTimeField(_("kept at"))

    class Meta:
        # Translators: a file as IANA publishes it.
        verbose_name = _("file of the registry")
        verbose_name_plural = _("files of the registry")

    def __str__(self) -> str:
        return self.sha256
