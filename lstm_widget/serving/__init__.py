"""What the browser is given: scenes, blocks of numbers, labels. Nothing is computed here, only picked and packed."""
