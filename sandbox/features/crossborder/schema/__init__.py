"""What an analyst may write about payments across borders."""
