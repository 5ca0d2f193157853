"""Run the model once and write down what each recurrent layer was given and what it gave back."""
