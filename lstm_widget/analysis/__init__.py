"""Pure functions of a trace, one file a question. Nothing in here knows that somebody is looking."""
