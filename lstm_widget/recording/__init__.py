"""What the gates did while a model was trained: a callback that looks on, and the steps it keeps."""
