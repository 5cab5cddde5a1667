"""Is a model as often right as it is sure, and how often does it refuse? Measures over answers of any probe or file."""
