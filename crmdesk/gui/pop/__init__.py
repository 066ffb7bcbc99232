"""The pop: seen and never activated.

`deck.py` decides what is on it, `words.py` what it says, `placement.py` where it is; all
three are pure. `card.py`, `slim_card.py` and `window.py` only paint.
"""
