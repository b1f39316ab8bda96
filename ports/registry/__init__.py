"""Reading IANA's Service Name and Transport Protocol Port Number Registry."""
