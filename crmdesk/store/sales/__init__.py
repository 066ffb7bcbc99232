"""Orders, invoices, receipts, ways to pay, and leads."""
