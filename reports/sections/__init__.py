"""The chapters of a report: from views to blocks of text, tables and figures. `build` puts them together."""
