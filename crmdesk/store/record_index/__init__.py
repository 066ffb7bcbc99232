"""Finds notes, tickets, orders and the like by their words; kept by the writer.

An FTS5 table (`record_search`) without the texts themselves: they are in their tables already.
`words` says what a word is, `sources` which texts of which tables count, `writing` and `loading`
keep the index up to date, `in_timeline` and `everywhere` ask it.
"""
