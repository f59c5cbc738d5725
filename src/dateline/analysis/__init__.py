"""Language analysis: tokens, sentences, syntax, names, attributions, times and places."""
