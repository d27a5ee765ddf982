"""«Модерация» at the desk: who may do what, what is shown, the forms, the words of refusals."""
