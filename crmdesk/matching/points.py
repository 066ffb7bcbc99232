"""What each piece of evidence is worth.

The sums are made so that with the usual threshold (700) evidence alone never links one of
several owners: 400 + 80 + 60 + 60 + 30 + 40 = 670. A remembered choice does (900), a wrong
signature takes even a sole owner below it (500).
"""

from __future__ import annotations

ACCOUNT = 1000
E164_EXTENSION = 900
E164 = 800
NATIONAL = 750
BLOCK = 720
OTHER_READING = 710
"""Digits that can mean two numbers, where only the less likely one is known: a threshold of
715 makes it a suggestion."""
LESS_SURE_BLOCK = 600
BEHIND_SWITCHBOARD = 600
SUFFIX = 100
"""What a rung is worth where it finds one customer."""

SHARED = 400
"""What it is worth at most where several have what was compared."""

REMEMBERED = 500
PROMISE_DUE = 80
OPEN_TICKET = 60
CALLED_FROM_HERE_TODAY = 60
"""Less one for each day since."""
OWN_CUSTOMER = 40
CALLED_THIS_LINE = 30
MORE_DIGITS = 5
"""For each digit that a suggestion has in common beyond those that were asked for."""

FORMER_CUSTOMER = -50
NOT_ITS_NUMBER = -300
"""The signature of the number is wrong, or it is a number of our own."""
