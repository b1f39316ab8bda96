"""Ports in text that somebody pasted: what ss, netstat, lsof, nmap and firewalls print. Pure."""
