"""The addresses of the downloads."""

from django.urls import path

from ports.dumps import views

urlpatterns = [
    path("dumps/", views.index, name="dumps"),
    path("dumps/manifest.json", views.manifest, name="dumps-manifest"),
    path("dumps/<str:name>", views.newest_file, name="dumps-newest-file"),
    path("dumps/<str:version>/<str:name>", views.file, name="dumps-file"),
]
