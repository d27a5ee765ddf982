"""Views of «Ответы»: what helps to write an answer and what it is checked by."""
