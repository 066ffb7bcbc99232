"""Section "Your data": what the company decides about the data it keeps."""
