"""The pages: a view reads the request, asks one deed or one question, and answers."""
