"""The addresses of readers' feedback."""

from django.urls import path

import ports.web.converters  # noqa: F401 - makes the converters known
from feedback import views

urlpatterns = [
    path("feedback/", views.vote, name="vote"),
    path("feedback/why/", views.follow_up, name="follow_up"),
    path("<language:language>/feedback/<str:token>/", views.thanks, name="thanks"),
]
