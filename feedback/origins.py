"""Whether a form was sent from a page of this site."""

from django.conf import settings
from django.http import HttpRequest


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether a browser says that another site's page sent this request.

    Browsers send Sec-Fetch-Site with every request, older ones Origin with a POST; a client that
    sends neither is no browser and carries nobody's identity.
    """
    if site := request.headers.get("Sec-Fetch-Site"):
        return site != "same-origin"
    if origin := request.headers.get("Origin"):
        return origin not in {settings.SITE_URL, f"{request.scheme}://{request.get_host()}"}
    return False
