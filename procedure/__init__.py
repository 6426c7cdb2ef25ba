"""How an item is handled, as data. Pure; forms and running flows will stand here too."""
