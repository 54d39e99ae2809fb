"""Reference data as its owners publish it: official files in, plain rows out. Nothing here is trusted."""
