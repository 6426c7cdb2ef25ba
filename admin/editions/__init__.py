"""Where documents are written, reviewed and published."""
