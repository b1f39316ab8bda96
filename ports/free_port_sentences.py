"""Localized sentences about a port that nobody has claimed: why it was chosen."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ports.free_ports import FreePort, Reason
from ports.port_facts import EPHEMERAL_SPANS, as_tools_write
from ports.registry.records import Transport
from ports.sentences import fill, joined, registry_text


def reason(port: FreePort, why: Reason, transports: Iterable[Transport]) -> SafeString:
    """Why a port was chosen that is wanted for these protocols."""
    if why is Reason.UNASSIGNED:
        # Translators: %(ports)s is such as "4711/tcp, 4711/udp".
        return fill(
            _("Unassigned in IANA's registry: %(ports)s."),
            ports=registry_text(as_tools_write(port.number, port.number, [*transports])),
        )
    if why is Reason.UNREGISTERED:
        return fill(
            _("No service is registered with IANA on port %(number)s."),
            number=registry_text(port.number),
        )
    if why is Reason.ROOM:
        if port.nearest is None:
            return fill(_("No port is registered anywhere near."))
        return fill(
            _("The nearest registered port is %(number)s."), number=registry_text(port.nearest)
        )
    if why is Reason.NOT_EPHEMERAL:
        systems = (registry_text(system) for system, _first, _last in EPHEMERAL_SPANS)
        return fill(
            # Translators: %(systems)s is a list such as "Linux, Windows, and macOS". Ephemeral:
            # the temporary local end of a connection.
            _("Not one of the ephemeral ports that are usual on these systems: %(systems)s."),
            systems=joined(systems),
        )
    return fill(_PLAIN[why]())


_PLAIN = {
    Reason.NEVER_WITHDRAWN: lambda: _("No earlier registration of it is known."),
    Reason.NO_KNOWN_USE: lambda: _("This site knows of no program or malware that uses it."),
    Reason.NOT_BLOCKED_BY_BROWSERS: lambda: _("Browsers do not block it."),
}


def caution() -> SafeString:
    """What to mind with any port that is free."""
    return fill(
        _(
            "Unassigned does not mean unused: any program may listen on it. Look at your own "
            "systems first."
        )
    )


def none_left(*, is_loaded: bool) -> SafeString:
    """Why there is no port to choose from."""
    if not is_loaded:
        return fill(_("The registry has not been loaded yet."))
    return fill(_("No port between these bounds meets all conditions."))
