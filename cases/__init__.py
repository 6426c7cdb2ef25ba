"""What citizens ask of the county: applications, and the cases that come of them."""
