"""Forms, task sheets and mapped files at the desk: what comes in is shown before it is written."""
