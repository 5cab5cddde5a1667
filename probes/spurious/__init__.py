"""Discovery of spurious regions: what a model looks at that is no finding."""
