"""What every Python test shares: a quiet TensorFlow, the same seeds, and the helpers beside this file."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

# Before anything imports TensorFlow, which reads it once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# --import-mode=importlib leaves the path alone; reference.py and models.py are imported by name.
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(autouse=True)
def seeds():
    """Same numbers in every run, whichever tests ran before. Importing Keras here would cost all others seconds."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(1)


@pytest.fixture
def rng():
    return np.random.default_rng(7)
