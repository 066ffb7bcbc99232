"""Colours, sizes, type and icons: the only place in the windows that knows them."""
