"""Localized sentences around registry facts.

A sentence is translated as a whole; the facts are put into it escaped and marked as what they are:
registry text is English and runs from left to right, in whatever language the sentence is.
"""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ports import formats
from ports.languages import Language
from ports.models import Snapshot
from ports.models.port import STATUS_CHOICES
from ports.port_facts import PortFacts, ProtocolFacts, Registration
from ports.registry.records import PortRange, Status, Transport


def registry_text(text: str | int) -> SafeString:
    """Text as the registry has it, marked as such."""
    return format_html('<bdi lang="en" dir="ltr">{}</bdi>', text)


def typed_text(text: str) -> SafeString:
    """What a reader typed, kept apart from the direction of the sentence around it."""
    return format_html("<bdi>{}</bdi>", text)


def span(first: int, last: int) -> SafeString:
    """A span of ports, "0-1023", which is never mirrored in right-to-left text."""
    return format_html('<bdi dir="ltr">{}–{}</bdi>', first, last)


def transports(values: Iterable[Transport]) -> SafeString:
    """Transport protocols as a list: "TCP and UDP"."""
    return joined(registry_text(value.upper()) for value in values)


def joined(items: Iterable[SafeString]) -> SafeString:
    """A list of marked-up facts, in words."""
    return SafeString(formats.joined(items))


def people(names: Iterable[str]) -> SafeString:
    """People's names as a list, each kept apart from the direction of the sentence around it."""
    return joined(map(typed_text, names))


def fill(sentence: str, **facts: str) -> SafeString:
    """A translated sentence with its facts in place; the sentence's own text is escaped."""
    escaped = {name: conditional_escape(fact) for name, fact in facts.items()}
    return SafeString(escape(sentence) % escaped)


def answer(facts: PortFacts) -> SafeString:
    """The one sentence that says what the port is."""
    number = registry_text(facts.number)
    names = facts.service_names
    if len(names) > 1:
        return fill(
            # Translators: %(names)s is a list of service names such as "http, www, and www-http".
            _("Port %(number)s is registered with IANA under several names: %(names)s."),
            number=number,
            names=joined(map(registry_text, names)),
        )
    if names:
        return _answer_for_one_name(facts, next(r for r in facts.registrations if r.name))
    for registration in facts.registrations:
        return fill(
            # Translators: %(description)s is English registry text: "any private mail system".
            _(
                "Port %(number)s is assigned in IANA's registry to “%(description)s”, "
                "without a service name."
            ),
            number=number,
            description=registry_text(registration.description),
        )
    return fill(_ANSWERS_WITHOUT_REGISTRATION[facts.headline_status](), number=number)


def _answer_for_one_name(facts: PortFacts, registration: Registration) -> SafeString:
    description = registration.description
    if description.lower() in {"", registration.name.lower()}:
        name = registry_text(registration.name)
    else:
        name = fill(
            # Translators: a service name and what it stands for, such as "ssh (Secure Shell)".
            _("%(name)s (%(description)s)"),
            name=registry_text(registration.name),
            description=registry_text(description),
        )
    number = registry_text(facts.number)
    if not registration.transports:
        return fill(
            # Translators: a registry record that names no transport protocol (TCP, UDP ...).
            _(
                "Port %(number)s is registered with IANA as %(name)s; the record names no "
                "transport protocol."
            ),
            number=number,
            name=name,
        )
    return fill(
        # Translators: %(name)s is a service name, mostly with its English description in brackets;
        # %(transports)s is a list such as "TCP and UDP".
        _("Port %(number)s is registered with IANA as %(name)s, for %(transports)s."),
        number=number,
        name=name,
        transports=transports(protocol.transport for protocol in facts.protocols if protocol.names),
    )


_ANSWERS_WITHOUT_REGISTRATION = {
    Status.ASSIGNED: lambda: _("Port %(number)s is assigned in IANA's registry."),
    Status.RESERVED: lambda: _(
        "Port %(number)s is reserved: IANA holds it back, and no service is registered on it."
    ),
    Status.UNASSIGNED: lambda: _("No service is registered with IANA on port %(number)s."),
    Status.DEASSIGNED: lambda: _(
        "No service is registered on port %(number)s today; an earlier registration was withdrawn."
    ),
    Status.DYNAMIC: lambda: _(
        "Port %(number)s is a dynamic port: nobody can register it, and any program may use it "
        "for a while."
    ),
}


def protocol_status(protocol: ProtocolFacts) -> SafeString:
    """What a port's status on one transport protocol means."""
    if protocol.status == Status.ASSIGNED and protocol.names:
        return fill(
            # Translators: %(names)s is one service name or a list of them.
            _("Registered as %(names)s."),
            names=joined(map(registry_text, protocol.names)),
        )
    if protocol.status == Status.ASSIGNED and protocol.unspecified_names:
        return fill(
            # Translators: a registry record that names no transport protocol (TCP, UDP ...).
            _("Registered as %(names)s, without naming a protocol."),
            names=joined(map(registry_text, protocol.unspecified_names)),
        )
    if protocol.status == Status.UNASSIGNED and not protocol.has_record:
        return fill(_("The registry has no record for this protocol on this port."))
    return fill(_STATUS_MEANINGS[protocol.status]())


_STATUS_MEANINGS = {
    Status.ASSIGNED: lambda: _("Assigned without a service name."),
    Status.RESERVED: lambda: _("Reserved by IANA; not open for registration."),
    Status.UNASSIGNED: lambda: _("Free: nobody has registered it."),
    Status.DEASSIGNED: lambda: _("An earlier registration was withdrawn."),
    Status.DYNAMIC: lambda: _("Never registered; for temporary use."),
}


def registrant(registration: Registration) -> SafeString:
    """Who registered a service, and when."""
    assignee = joined(map(registry_text, registration.people))
    date = SafeString(escape(formats.registry_date(registration.registration_date)))
    if registration.people and date:
        return fill(
            # Translators: %(assignee)s is a person, a company or a list of them; %(date)s is a date
            # such as "March 2002" and may end with a full stop in your language.
            _("Registered to %(assignee)s; registration date: %(date)s."),
            assignee=assignee,
            date=date,
        )
    if registration.people:
        return fill(
            _("Registered to %(assignee)s; the registry gives no registration date."),
            assignee=assignee,
        )
    if date:
        return fill(_("The registry names no assignee; registration date: %(date)s."), date=date)
    return fill(_("The registry gives neither an assignee nor a registration date."))


def modified(registration: Registration) -> SafeString:
    """When the registry last changed the record, or nothing."""
    date = formats.registry_date(registration.modification_date)
    if not date:
        return SafeString("")
    return fill(_("The record was last modified: %(date)s."), date=SafeString(escape(date)))


def service_link(name: str, language: Language) -> SafeString:
    """A service's name as the registry has it, leading to its page."""
    address = reverse("service", args=[language, name])
    return format_html('<a href="{}" lang="en" dir="ltr">{}</a>', address, name)


def alias(registration: Registration, language: Language) -> SafeString:
    """That the name is only another name for a service, or nothing."""
    if not registration.alias_of:
        return SafeString("")
    return fill(
        # Translators: both are service names; neither can be inflected.
        _("%(name)s is only an alias; the service's own name: %(service)s."),
        name=registry_text(registration.name),
        service=service_link(registration.alias_of, language),
    )


def other_names(names: Iterable[str], language: Language) -> SafeString:
    """Under which further names a service is registered."""
    return fill(
        # Translators: %(names)s is a list of service names such as "www and www-http".
        _("Other names of this service in the registry: %(names)s."),
        names=joined(service_link(name, language) for name in names),
    )


def coverage(registration: Registration) -> SafeString:
    """Which ports a record covers, where it is more than one; else nothing."""
    first, last = registration.first_port, registration.last_port
    if first is None or last is None or first == last:
        return SafeString("")
    # Translators: %(span)s is a span of port numbers such as "6000-6063".
    return fill(_("The record covers ports %(span)s."), span=span(first, last))


def port_range(value: PortRange) -> SafeString:
    """The range a port lies in, and the rule for it (RFC 6335, section 6)."""
    return fill(_RANGES[value](), span=span(value.first, value.last))


_RANGES = {
    PortRange.SYSTEM: lambda: _(
        "Ports %(span)s are the system ports, also called well-known ports. IANA assigns them only "
        "after review by the IETF, and on Unix-like systems a program usually needs special "
        "privileges to listen on one."
    ),
    PortRange.USER: lambda: _(
        "Ports %(span)s are the user ports, also called registered ports. IANA assigns them on "
        "application, usually after review by an expert; a program needs no special privileges to "
        "listen on one."
    ),
    PortRange.DYNAMIC: lambda: _(
        "Ports %(span)s are the dynamic ports, also called private or ephemeral ports. IANA never "
        "assigns them; operating systems hand them out for a while, and a service that needs a "
        "fixed number should not use one."
    ),
}


def snapshot_note(snapshot: Snapshot) -> SafeString:
    """Which state of the registry a page shows."""
    names = SafeString(escape(formats.registry_date(snapshot.names_as_of)))
    if not snapshot.is_compiled:
        return fill(
            # Translators: %(date)s is the day of the newest change in the registry.
            _("Registry data: IANA, as of %(date)s."),
            date=names,
        )
    return fill(
        # Translators: shown until IANA's own file was loaded; both are dates such as "July 2026".
        _(
            "Registry data: compiled snapshot: names as of %(names)s, registrants and dates as of "
            "%(registrants)s. Registrants may have changed since."
        ),
        names=names,
        registrants=SafeString(escape(formats.registry_date(snapshot.registrants_as_of))),
    )


def range_name(value: PortRange) -> str:
    """The name of a range."""
    return {
        # Translators: the port numbers 0-1023 (RFC 6335).
        PortRange.SYSTEM: _("System ports"),
        # Translators: the port numbers 1024-49151 (RFC 6335).
        PortRange.USER: _("User ports"),
        # Translators: the port numbers 49152-65535 (RFC 6335).
        PortRange.DYNAMIC: _("Dynamic ports"),
    }[value]


def nothing_known(number: int) -> SafeString:
    """That there is no evidence either way on whether to worry about a port."""
    return fill(
        _(
            "This site has no information that makes port %(number)s suspicious, and none that "
            "clears it. A port number alone proves nothing: any program can listen on any port, "
            "and unwanted software likes to borrow the number of a familiar service. What counts "
            "is which program listens, and who put it there."
        ),
        number=str(number),
    )


def malware_found(number: int) -> SafeString:
    """That malware was found on a port, before what is said of it."""
    return fill(
        _(
            "Malware has been found on port %(number)s; see below. A port number alone proves "
            "nothing: any program can listen on any port. What counts is which program listens, "
            "and who put it there."
        ),
        number=str(number),
    )


def ephemeral(number: int) -> SafeString:
    """That a port may be a temporary one, before a list of which systems take such ports where."""
    return fill(
        _(
            "Port %(number)s may also be in use as an ephemeral port: the temporary local end of a "
            "connection that your own computer opened. By default, systems take such ports from "
            "these ranges:"
        ),
        number=str(number),
    )


def outside_hint(address: str) -> SafeString:
    """What to mind before a port is tested from another computer."""
    return fill(
        # Translators: %(address)s is an example IP address that stands in the commands below.
        _(
            "Test only computers that are yours or that you are allowed to test, and put their "
            "address in place of %(address)s."
        ),
        address=registry_text(address),
    )


def status_name(value: str) -> str:
    """The name of a status."""
    return str(dict(STATUS_CHOICES)[value])
