"""The app that holds the registry, its pages and its editors."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class PortsConfig(AppConfig):
    """Ports of the site."""

    name = "ports"
    verbose_name = _("Ports and registry")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models can be imported only once the apps are loaded.
        from ports.append_only import guard_append_only
        from ports.port_rows import fill_ports
        from ports.review_rules import guard_reviews

        post_migrate.connect(fill_ports, sender=self, dispatch_uid="ports.fill_ports")
        post_migrate.connect(guard_append_only, sender=self, dispatch_uid="ports.append_only")
        post_migrate.connect(guard_reviews, sender=self, dispatch_uid="ports.review_rules")
