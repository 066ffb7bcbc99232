"""Two people edited one record: which value of each field holds."""
