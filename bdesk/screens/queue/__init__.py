"""The queue: the list, its preview, why the next is next, today's figures."""
