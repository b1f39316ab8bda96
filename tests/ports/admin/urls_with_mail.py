"""The addresses of a site that has a mail server."""

from django.urls import include, path

from portsite.urls import handler400, handler403, handler404, handler500
from portsite.urls import urlpatterns as others

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [path("admin/", include("ports.admin.password_urls")), *others]
