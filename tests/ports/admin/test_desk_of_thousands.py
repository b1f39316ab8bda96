"""The first page of the admin asks little when tens of thousands of texts wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ports.languages import LANGUAGES
from ports.models import Document, Edition, PageReads, WorkItem
from tests.ports.admin.staff import with_roles
from tests.ports.many import many_documents

pytestmark = pytest.mark.django_db


def test_fifty_thousand_texts_that_wait_cost_few_queries(
    django_assert_max_num_queries: Any,
) -> None:
    many_documents(2_000)
    Edition.objects.update(work=Edition.Work.IN_REVIEW)
    now = timezone.now()
    documents = Document.objects.order_by("pk")
    WorkItem.objects.bulk_create(
        WorkItem(
            document=document,
            language=language.code,
            kind=WorkItem.Kind.STALE_TRANSLATION,
            cause="source revision 2",
            severity=WorkItem.Severity.MEDIUM,
            opened_at=now,
        )
        for document in documents[:400]
        for language in LANGUAGES
    )
    PageReads.objects.bulk_create(
        (
            PageReads(port_id=number, language=language.code, day=day, count=1 + number)
            for number in range(2_000)
            for language in LANGUAGES
            for day in (now.date(), now.date() - timedelta(days=1))
        ),
        batch_size=5_000,
    )
    client = with_roles("rev", "reviewer")
    client.get("/admin/")
    with django_assert_max_num_queries(15):
        page = client.get("/admin/").content.decode()
    waiting = 2_000 * len(LANGUAGES) - 200 + 400 * len(LANGUAGES)
    assert f"the most pressing of {waiting}" in page.replace(",", "")
    assert "/admin/ports/port/1999/publishing/" in page
