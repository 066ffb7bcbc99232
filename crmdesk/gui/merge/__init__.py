"""Two customers that are one: which values stay, and the way back."""
