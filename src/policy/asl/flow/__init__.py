"""The flow of data through a definition: what is known of it at the entry of every state.

An abstract interpretation (https://en.wikipedia.org/wiki/Abstract_interpretation): each state is a function from what
is known at its entry to what is known at the entry of the states that it leads to; loops are followed until nothing
changes any more. Whatever a state receives in some run is covered by what is computed for its entry.
"""
