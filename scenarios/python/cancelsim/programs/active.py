"""The program's run that the process is in the middle of: there is one at a time, or none.

What is changed for programs in Python's own modules (`virtual.py`, `refusals.py`, `threads.py`) is changed once, and asks here
whether it is meant.
"""

run = None
loads = False  # whether a module of the program is being loaded
