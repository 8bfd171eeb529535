"""How dates and numbers are written in the US. A month is a word: 03/04 means two days in two countries."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = "M j"
DATETIME_FORMAT = "M j, Y, g:i A"
SHORT_DATETIME_FORMAT = "M j, g:i A"
TIME_FORMAT = "g:i A"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
FIRST_DAY_OF_WEEK = 0
