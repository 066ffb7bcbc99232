"""The blocks beside the timeline; `registry` says what a block is and which there are."""
