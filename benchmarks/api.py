"""The API, against what a project gets from the framework without further thought."""

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test.utils import override_settings
from django.urls import path
from rest_framework import generics, serializers
from rest_framework.pagination import LimitOffsetPagination

from benchmarks.pages import bare
from benchmarks.requests import get
from benchmarks.timing import Measured, in_turns
from ports.models import Assignment

ROUNDS = 15
REQUESTS = 20
DEEP = 1_000_000
_FIRST_KEY = 10_000_000
_LIST = "/api/v1/assignments/"


class _Pages(LimitOffsetPagination):
    default_limit = 100


class _Serializer(serializers.ModelSerializer):
    class Meta:
        model = Assignment
        fields = "__all__"


class _Naive(generics.ListAPIView):
    """The same rows by a ModelSerializer, page by page with an offset."""

    queryset = Assignment.objects.order_by("id")
    serializer_class = _Serializer
    pagination_class = _Pages


urlpatterns = [path("bare/", bare), path("naive/", _Naive.as_view())]


def run() -> list[tuple[str, Measured]]:
    """How many requests are served, as against a floor: a ratio of rates for each."""
    ours = WSGIHandler()
    with override_settings(ROOT_URLCONF="benchmarks.api"):
        naive = WSGIHandler()
    with override_settings(ROOT_URLCONF="benchmarks.api", MIDDLEWARE=[]):
        barest = WSGIHandler()

    def of_naive(address: str) -> None:
        with override_settings(ROOT_URLCONF="benchmarks.api"):
            _ask(naive, address, 200)

    def of_bare() -> None:
        with override_settings(ROOT_URLCONF="benchmarks.api"):
            _ask(barest, "/bare/", 200)

    kept = get(ours, "/api/v1/ports/3440/")[1]["ETag"]
    found = [
        (
            "list of 100 records, against a ModelSerializer",
            in_turns(lambda: of_naive("/naive/"), lambda: _ask(ours, _LIST, 200), rounds=ROUNDS),
        ),
        (
            "not modified, against a bare view",
            in_turns(
                of_bare,
                lambda: _ask(ours, "/api/v1/ports/3440/", 304, HTTP_IF_NONE_MATCH=kept),
                rounds=ROUNDS,
            ),
        ),
    ]
    _fill()
    deep = f"?after={_FIRST_KEY + DEEP - 200}"
    found.append(
        (
            f"page {DEEP:,} records deep, against the first",
            in_turns(
                lambda: _ask(ours, f"{_LIST}?after={_FIRST_KEY - 1}", 200),
                lambda: _ask(ours, f"{_LIST}{deep}", 200),
                rounds=ROUNDS,
            ),
        )
    )
    found.append(
        (
            "the same with an offset",
            in_turns(
                lambda: of_naive(f"/naive/?offset={Assignment.objects.count() - DEEP}"),
                lambda: of_naive(f"/naive/?offset={Assignment.objects.count() - 200}"),
                rounds=2,
            ),
        )
    )
    Assignment.objects.filter(pk__gte=_FIRST_KEY)._raw_delete("default")
    return found


def _fill() -> None:
    """Have a million records more, with numbers above those of the registry."""
    numbers = (
        "SELECT n FROM generate_series(0, %s) AS n"
        if connection.vendor == "postgresql"
        else "WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers "
        "WHERE n < %s) SELECT n FROM numbers"
    )
    row = Assignment(status="assigned", description="A description", assignee="[Jane_Doe]")
    fields = [each for each in Assignment._meta.concrete_fields if each.attname != "id"]
    columns = ", ".join(each.column for each in fields)
    values = ", ".join(
        "'service-' || n" if each.column == "service_name" else "%s" for each in fields
    )
    parameters = [getattr(row, each.attname) for each in fields if each.column != "service_name"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Assignment._meta.db_table} (id, {columns}) "  # noqa: S608 - no text of others
            f"SELECT {_FIRST_KEY} + n, {values} FROM ({numbers}) AS made",
            [*parameters, DEEP - 1],
        )


def _ask(handler: WSGIHandler, address: str, wanted: int, **more: str) -> None:
    for _ in range(REQUESTS):
        status, _headers, _body = get(handler, address, **more)
        if status != wanted:
            raise RuntimeError(f"{address} was answered with {status}")
