"""What lists show: values become words here, and models hand them to the views."""
