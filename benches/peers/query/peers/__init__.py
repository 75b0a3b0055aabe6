"""One module a peer: a class that loads the graph and answers the five questions."""
