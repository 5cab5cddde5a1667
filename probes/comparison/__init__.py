"""Medical model against base model: the measures of a comparison, over answers of any probe or file."""
