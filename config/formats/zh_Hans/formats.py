"""Chinese: figures in groups of three, as on bills and boards (Django groups by four)."""

NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
DECIMAL_SEPARATOR = "."
