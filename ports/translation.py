"""Which texts of the working rows have a column in each of the 25 languages."""

from modeltranslation.translator import TranslationOptions, register

from ports.models import FAQ, Article, Assessment, Gloss, GlossaryTerm, History, Usage


@register(Article)
class ArticleTranslation(TranslationOptions):
    """The story."""

    fields = ("title", "summary", "body", "lesson")


@register(Assessment)
class AssessmentTranslation(TranslationOptions):
    """Whether to worry."""

    fields = ("expected", "exposure")


@register(History)
class HistoryTranslation(TranslationOptions):
    """An event."""

    fields = ("title", "text")


@register(FAQ)
class FAQTranslation(TranslationOptions):
    """A question and its answer."""

    fields = ("question", "answer")


@register(Usage)
class UsageTranslation(TranslationOptions):
    """What really runs there."""

    fields = ("description",)


@register(Gloss)
class GlossTranslation(TranslationOptions):
    """A service in plain language."""

    fields = ("text",)


@register(GlossaryTerm)
class GlossaryTermTranslation(TranslationOptions):
    """A technical term."""

    fields = ("term", "note")
