"""Put the batches of a run together: allocate once, write each part where it belongs."""
