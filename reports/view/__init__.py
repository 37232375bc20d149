"""Pure views of a run: rows in, rows out. No files, no drawing, no HTML; every number a report shows is made here."""
