"""Long fault drills: `make drill`."""
