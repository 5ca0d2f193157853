"""One self-contained page: the widget's own renderer, and the numbers that it would ask a kernel for."""
