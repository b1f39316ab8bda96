"""Voting, and what was counted, for programs."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import Sum
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from feedback import follow_ups, receipts, voting
from feedback.limits import LimitReachedError
from feedback.models import DailyTally, Face, FollowUp, Vote
from feedback.origins import is_from_another_site
from feedback.page_reference import PageReference
from feedback.receipts import Receipt
from feedback.runs import Run, runs_of
from feedback.scores import Score, Votes, score
from ports.api import fields, schemas
from ports.api.bodies import JSONParser, TakesBodies
from ports.api.openapi import problems
from ports.api.problems import Problem
from ports.api.resource import Resource
from ports.clients.address import address_of
from ports.editorial.page_content import revision_on_page
from ports.languages import LANGUAGES, Language, by_code
from ports.registry.records import LAST_PORT

_RETRY_SECONDS = 60

_COUNTS = dict.fromkeys(Votes._fields, schemas.NUMBER)
# Something else than white space, as Python knows it, and no null.
_TEXT = r"^[^\u0000]*[^\s\u0000\u001c-\u001f\u0085][^\u0000]*$"
_SAID = {
    "type": "object",
    "properties": {
        "port": schemas.PORT,
        "language": schemas.TAG,
        "face": schemas.one_of(Face.values),
        "token": {"type": "string", "pattern": _TEXT, "maxLength": 200},
        "reason": schemas.one_of(FollowUp.Reason.values),
        "comment": {"type": "string", "pattern": _TEXT, "maxLength": follow_ups.LONGEST},
    },
    "additionalProperties": False,
    "oneOf": [
        {
            "required": ["port", "language", "face"],
            "not": {"anyOf": [{"required": [each]} for each in ("token", "reason", "comment")]},
        },
        {
            "required": ["token"],
            "anyOf": [{"required": [each]} for each in ("face", "reason", "comment")],
            "not": {"anyOf": [{"required": [each]} for each in ("port", "language")]},
        },
    ],
}
_EXAMPLE = {"port": 3440, "language": "en", "face": "happy"}
_VOTE = {
    "application/json": {
        "schema": schemas.an_object(
            token=schemas.text(),
            port=schemas.PORT,
            language=schemas.TAG,
            face=schemas.one_of(Face.values),
            revision=schemas.NUMBER,
        )
    }
}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_TALLIES = schemas.an_object(
    port=schemas.PORT,
    languages=schemas.a_list(
        schemas.an_object(
            language=schemas.TAG,
            lifetime=schemas.an_object(**_COUNTS),
            texts=schemas.a_list(
                schemas.an_object(
                    text_language=schemas.or_null(schemas.TAG),
                    since_revision=schemas.NUMBER,
                    **_COUNTS,
                    usefulness=schemas.an_object(**dict.fromkeys(Score._fields, _SHARE)),
                )
            ),
        )
    ),
)


class FeedbackSerializer(serializers.Serializer):
    """A vote (`port`, `language`, `face`), a change of one (`token`, `face`), or why it was cast
    (`token`, `reason`, `comment`), or both.
    """

    port = fields.integer(LAST_PORT)
    language = fields.language()
    face = fields.one_of(Face.values)
    token = fields.text(200)
    reason = fields.one_of(FollowUp.Reason.values)
    comment = fields.text(follow_ups.LONGEST)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            sentence = gettext_lazy("This is not known here.")
            raise ValidationError({name: [sentence] for name in sorted(unknown)})
        page = {"port", "language"}
        wanted = {"token"} if "token" in said else page | {"face"}
        missing = wanted - said.keys()
        if missing:
            required = gettext_lazy("This field is required.")
            raise ValidationError({name: [required] for name in sorted(missing)})
        too_much = page & said.keys() if "token" in said else {"reason", "comment"} & said.keys()
        if too_much:
            sentence = (
                gettext_lazy("The token says this already.")
                if "token" in said
                else gettext_lazy("This needs the token of a vote.")
            )
            raise ValidationError({name: [sentence] for name in sorted(too_much)})
        return said


class FeedbackView(TakesBodies):
    """`POST /api/v1/feedback/`: vote on a page, or change a vote and say why with its token."""

    operations = {
        "post": {
            "operationId": "vote",
            "summary": "Vote on a page; with the token of a vote, change it or say why.",
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": _SAID, "example": _EXAMPLE}},
            },
            "responses": {
                "200": {"description": "Changed, or said why.", "content": _VOTE},
                "201": {"description": "Stored.", "content": _VOTE},
                **problems(
                    HTTPStatus.BAD_REQUEST,
                    HTTPStatus.FORBIDDEN,
                    HTTPStatus.NOT_ACCEPTABLE,
                    HTTPStatus.CONFLICT,
                    HTTPStatus.GONE,
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                    HTTPStatus.TOO_MANY_REQUESTS,
                    HTTPStatus.SERVICE_UNAVAILABLE,
                ),
            },
        }
    }
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (JSONParser,)

    def options(self, request: Request, *_args: Any, **_kwargs: Any) -> HttpResponse:  # noqa: ARG002 - its name for DRF
        """Nothing that lets scripts of other sites send votes."""
        return HttpResponse(
            status=HTTPStatus.NO_CONTENT, headers={"Allow": ", ".join(self.allowed_methods)}
        )

    def post(self, request: Request) -> Response:
        if is_from_another_site(request._request):
            raise PermissionDenied(_("Answers are taken only from the pages of this site."))
        if not isinstance(request.data, dict):
            raise ValidationError(_("Send an object."))
        serializer = FeedbackSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        try:
            return self._store(serializer.validated_data, address_of(request._request))
        except LimitReachedError as error:
            raise Problem(
                HTTPStatus.TOO_MANY_REQUESTS,
                _(
                    "Your answer was not stored: as many answers as one address may give have come "
                    "from yours."
                ),
                headers={"Retry-After": str(error.retry_after)},
            ) from error
        except receipts.ReceiptExpiredError as error:
            raise Problem(
                HTTPStatus.GONE,
                _("An answer can be changed and added to for a day. Yours is counted."),
            ) from error
        except (receipts.ReceiptError, Vote.DoesNotExist) as error:
            raise Problem(
                HTTPStatus.FORBIDDEN, _("This token was not given by this site.")
            ) from error
        except (OperationalError, InterfaceError) as error:
            raise Problem(
                HTTPStatus.SERVICE_UNAVAILABLE,
                _("Your answer could not be stored just now. Please try again in a minute."),
                headers={"Retry-After": str(_RETRY_SECONDS)},
            ) from error

    def _store(self, said: dict[str, Any], address: str) -> Response:
        now = datetime.now(UTC)
        if "token" not in said:
            vote = voting.cast(
                page=_page(said["port"], said["language"]),
                face=Face(said["face"]),
                address=address,
                now=now,
            )
            return _stored(vote, receipts.give(vote, now), HTTPStatus.CREATED)
        receipt = receipts.read(said["token"], now)
        if "face" in said:
            vote = voting.change(
                vote_id=receipt.vote_id, face=Face(said["face"]), address=address, now=now
            )
        if "reason" in said or "comment" in said or "face" not in said:
            vote = _followed_up(receipt, said, address, now)
        return _stored(vote, said["token"], HTTPStatus.OK)


class Tallies(Resource):
    """How readers voted on the pages of a port: on each text, and over the pages' lives."""

    schema = _TALLIES
    problems = (HTTPStatus.NOT_FOUND,)

    def versions(self) -> tuple[object, ...]:
        sums = {name: Sum(name) for name in Votes._fields}
        counted = DailyTally.objects.filter(port=self.kwargs["number"]).aggregate(**sums)
        return (*super().versions(), *counted.values())

    def modified(self) -> int | None:
        return None

    def body(self) -> Any:
        number = self.kwargs["number"]
        life: dict[str, list[Votes]] = {}
        rows = DailyTally.objects.filter(port=number).values_list("language", *Votes._fields)
        for code, *votes in rows:
            life.setdefault(code, []).append(Votes(*votes))
        runs = runs_of((number, code) for code in life)
        return {
            "port": number,
            "languages": [
                {
                    "language": language.tag,
                    "lifetime": _counts(_sum(life[language.code])),
                    "texts": [_text(run) for run in runs[number, language.code]],
                }
                for language in LANGUAGES
                if language.code in life
            ],
        }


def _page(port: int, language: Language) -> PageReference:
    """The page as it is now."""
    shown = revision_on_page(port, language)
    return PageReference(
        port, language, shown.language if shown else None, shown.number if shown else 0
    )


def _followed_up(receipt: Receipt, said: dict[str, Any], address: str, now: datetime) -> Vote:
    try:
        return follow_ups.follow_up(
            receipt=receipt,
            reason=said.get("reason", ""),
            comment=said.get("comment", ""),
            is_trapped=False,
            address=address,
            now=now,
        ).vote
    except follow_ups.AlreadyReadError as error:
        raise Problem(
            HTTPStatus.CONFLICT,
            _("An editor has read what you wrote before, so that it is not replaced any more."),
        ) from error
    except follow_ups.FollowUpError as error:
        raise ValidationError(_("Choose what is the matter, or write it down.")) from error


def _stored(vote: Vote, token: str, status: HTTPStatus) -> Response:
    language = by_code(vote.language)
    body = {
        "token": token,
        "port": vote.port_id,
        "language": language.tag if language else vote.language,
        "face": vote.face,
        "revision": vote.revision_number,
    }
    return Response(body, status=status, headers={"Cache-Control": "no-store"})


def _text(run: Run) -> dict[str, Any]:
    found = score(run.votes)
    language = by_code(run.text_language)
    return {
        "text_language": language.tag if language else None,
        "since_revision": run.since_revision,
        **_counts(run.votes),
        "usefulness": {name: round(value, 4) for name, value in found._asdict().items()},
    }


def _counts(votes: Votes) -> dict[str, int]:
    return votes._asdict()


def _sum(votes: list[Votes]) -> Votes:
    return Votes(*(sum(each[index] for each in votes) for index in range(3)))
