"""The words of a report, a file a chapter; `reports.text` puts them together."""
