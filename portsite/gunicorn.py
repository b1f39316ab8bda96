"""gunicorn's configuration: whose X-Forwarded-* headers it believes."""

from portsite import settings

# Given nothing, gunicorn trusts this machine; TRUSTED_PROXIES says whom else, or whom instead.
forwarded_allow_ips = ",".join(settings.TRUSTED_PROXIES) or "127.0.0.1,::1"
