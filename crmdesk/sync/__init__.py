"""Customers from elsewhere: files, address books, directories, other databases. No Qt."""
