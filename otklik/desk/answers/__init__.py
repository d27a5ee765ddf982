"""«Ответы» at the desk: the rules of the check, templates and guides; who may see and who may change them."""
