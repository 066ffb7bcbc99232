"""Address books on CardDAV servers (RFC 6352): Nextcloud, Radicale, Baikal, SOGo, Fastmail."""
