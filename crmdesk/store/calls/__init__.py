"""The call log and its ledger."""
