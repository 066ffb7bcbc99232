"""Dialogs and pieces of orders, invoices, payments and ways to pay."""
