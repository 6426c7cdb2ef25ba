"""What would be true if the county had no website: regions, organs, officers, calendar, privacy, ledger."""
