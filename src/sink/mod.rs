//! Results → standard output, or a file that appears whole or not at all.

mod whole;

pub use whole::{WholeFile, write_whole};
