"""Who a number belongs to: many at once, and the answer as JSON."""
