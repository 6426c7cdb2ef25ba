"""What the county says: channels, documents and their editions, from draft to withdrawal."""
