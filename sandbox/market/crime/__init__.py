"""Financial crime as it is planned: shapes of patterns, who is in them, when and how much. Nothing is paid here."""
