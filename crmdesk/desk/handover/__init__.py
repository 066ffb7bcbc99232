"""One desk per user: a second start hands its request to the first.

`place` says where they meet and trusts only this user's own folder; `client` is quick and
uses the standard library only; `server` runs on the NET loop of the running desk.
"""
