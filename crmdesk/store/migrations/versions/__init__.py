"""One file per released version of the tables; frozen once released."""
