"""Records opened in place of the timeline; `registry` says what a record view is."""
