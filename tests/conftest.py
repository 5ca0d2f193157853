"""What every Python test shares: a quiet TensorFlow, the same seeds, and the helpers beside this file."""

import os
import sys
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pytest

# Before anything imports TensorFlow, which reads it once.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# --import-mode=importlib leaves the path alone; reference.py and models.py are imported by name.
sys.path.insert(0, str(Path(__file__).parent))

# `make test-colab` runs the tests in an environment that has our wheel and classic Notebook where `make test` has the
# clone and JupyterLab with Notebook 7. Each leaves to the other what needs the other's; all else runs in both.
IN_COLAB = ["browser/test_classic_notebook.py", "packaging/test_colab.py"]
IN_THE_CLONE = [
    "browser/test_find_chrome.py",  # is about no versions
    "browser/test_harness.py",  # JupyterLab, and so on
    "browser/test_keeping_in_step.py",
    "browser/test_lost_messages.py",
    "browser/test_marimo.py",  # no part of Colab
    "browser/test_notebook_7.py",
    "browser/test_questions.py",
    "browser/test_saved_notebooks.py",
    "browser/test_training.py",
    "browser/test_widget.py",
    "browser/test_wrong_things.py",
    "packaging/test_distributions.py",  # builds what is installed there
    "packaging/test_installing.py",
]
collect_ignore = IN_THE_CLONE if version("notebook").startswith("6.") else IN_COLAB


@pytest.fixture(autouse=True)
def seeds():
    """Same numbers in every run, whichever tests ran before. Importing Keras here would cost all others seconds."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(1)


@pytest.fixture
def rng():
    return np.random.default_rng(7)
