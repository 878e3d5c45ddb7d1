"""Long runs and hard ends."""
