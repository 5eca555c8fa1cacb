"""Studies: large trials whose figures stand in docs/studies; a small run of each is in the tests."""
