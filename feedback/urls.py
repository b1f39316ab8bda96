"""The addresses of readers' feedback."""

from django.urls import path

import ports.web.converters  # noqa: F401 - makes the converters known
from feedback import api, views

urlpatterns = [
    path("api/v1/feedback/", api.FeedbackView.as_view(), name="api_feedback"),
    path("api/v1/ports/<port:number>/feedback/", api.Tallies.as_view(), name="api_tallies"),
    path("feedback/", views.vote, name="vote"),
    path("feedback/why/", views.follow_up, name="follow_up"),
    path("<language:language>/feedback/<str:token>/", views.thanks, name="thanks"),
]
