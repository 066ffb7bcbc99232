"""Phone systems: one folder each, and the driver that owns their sockets.

`protocol.py` is sans-IO (bytes in, messages out), `calls.py` translates messages into
`crmdesk.domain.call_events`, `source.py` runs both on an asyncio connection.
"""
