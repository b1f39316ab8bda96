"""Background work, as Celery calls it."""

import logging

from celery import shared_task
from django.conf import settings

from ports.registry.fetch import FetchError, fetch
from ports.registry.guards import RegistryRefusedError
from ports.registry.refresh import refresh

logger = logging.getLogger(__name__)


@shared_task
def refresh_registry() -> None:
    """Refresh the stored registry from REGISTRY_URL; what is stored stays when that fails."""
    try:
        with fetch(settings.REGISTRY_URL) as body:
            outcome = refresh(body)
    except (FetchError, RegistryRefusedError) as error:
        logger.warning("The registry was not refreshed: %s", error)
    else:
        logger.info("Registry refresh: %s, %d records", outcome.result, outcome.record_count)
