//! Generates a catalogue crate from a description.
