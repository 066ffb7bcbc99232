"""What the desk does with tickets by itself: watches their clocks."""
