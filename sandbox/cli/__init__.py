"""The command line: one small file a verb, imported when the verb is used; heavy imports stay inside functions."""
