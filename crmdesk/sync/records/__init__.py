"""Tickets, orders, payments and the like out of files, each with the customer it belongs to."""
