"""The report's chapter on payments across borders."""
