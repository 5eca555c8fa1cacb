"""mlbatch: one command a month for a national school subsidy programme on spreadsheets."""

__version__ = "0.1.0"
