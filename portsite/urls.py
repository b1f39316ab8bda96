"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portsite.views import health

urlpatterns = [
    # Nobody is offered an e-mail that cannot be sent.
    *([path("admin/", include("ports.admin.password_urls"))] if settings.MAILERS else []),
    path("admin/", include("ports.admin.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health, name="health"),
    path("", include("feedback.urls")),
    path("", include("ports.api.urls")),
    path("", include("ports.dumps.urls")),
    path("", include("ports.web.urls")),
]

handler400 = "portsite.errors.bad_request"
handler403 = "portsite.errors.forbidden"
handler404 = "portsite.errors.not_found"
handler500 = "portsite.errors.server_error"
