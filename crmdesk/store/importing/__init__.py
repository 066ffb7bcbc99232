"""Customers from elsewhere: brought in as one step that can be taken back, and found again.

A batch (`batch.ImportBatch`) is a change of kind IMPORT. The customers it creates name it in
`batch_id` and are not journaled row by row; until all are there they are hidden: marked as
deleted at the epoch, which every list, search and look-up leaves out already. What it
changes in customers that were there is journaled like any other change.
"""
