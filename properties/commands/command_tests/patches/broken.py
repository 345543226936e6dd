"""Cannot be imported."""
raise ImportError("a broken patch")
