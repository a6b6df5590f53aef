//! Runnable examples: each file beside this one is a program.
