"""Rules of the caller that win over the model, and the file that keeps them."""
