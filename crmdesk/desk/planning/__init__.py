"""Steps that change the company's plan, made of what is in the store when they are written."""
