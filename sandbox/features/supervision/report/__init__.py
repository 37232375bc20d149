"""The chapters of a report on supervision and on privacy."""
