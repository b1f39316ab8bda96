"""The least a Django project can do: one view, no middleware, no database."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

if not settings.configured:
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[])


def view(request: HttpRequest) -> HttpResponse:
    """Read what was sent, and say nothing."""
    return HttpResponse(request.body[:2])


urlpatterns = [path("feedback/", view)]
application = get_wsgi_application()
