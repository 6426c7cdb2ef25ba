"""What would be true if the county had no website: regions, organs, officers, working days, privacy, the ledger."""
