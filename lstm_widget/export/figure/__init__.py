"""Figures for papers, drawn by matplotlib as the widget draws them.

Only whoever asks for one imports `plot`: matplotlib takes a second.
"""
