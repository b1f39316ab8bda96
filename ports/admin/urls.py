"""The admin's addresses that belong to no model."""

from django.contrib import admin
from django.urls import path

from ports.admin.own_settings import own_settings
from ports.admin.stop_notices import stop_notices

urlpatterns = [
    path("me/", admin.site.admin_view(own_settings), name="own_settings"),
    # Below /admin/, where cookies live: a reader's browser gets none on it.
    path("notices/stop/<str:token>/", stop_notices, name="stop_notices"),
]
