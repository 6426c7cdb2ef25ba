"""Measurements: a county of any size, its import and its publishing, beside Hugo on the same documents."""
