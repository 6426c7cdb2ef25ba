"""How an Excel file is written: every cell is text, so nothing a person wrote becomes a formula, a link or a number."""

LONGEST_CELL = 30_000  # characters; Excel takes 32,767
AS_TEXT = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "in_memory": True,
}
