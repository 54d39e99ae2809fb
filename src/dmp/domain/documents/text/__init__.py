"""The text inside documents: how it is kept, how words are looked for in it, what is shown of it."""
