//! The window as a person meets it, with a worker that only listens.
