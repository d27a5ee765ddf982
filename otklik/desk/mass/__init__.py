"""Mass problems at the desk: what is shown of them, who may do what, the forms, the words."""
