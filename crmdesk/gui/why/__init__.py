"""Why this customer, who else was possible, and what an agent may say against it.

`view.py` shows it, on the pop, beside a call and in a dialog; `steps.py` does what people say
of a number and takes it back.
"""
