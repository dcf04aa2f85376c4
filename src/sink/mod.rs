//! Results → standard output, or a file or folder that appears whole or not at
//! all.

mod whole;
mod whole_folder;

pub use whole::{WholeFile, write_whole};
pub use whole_folder::{FolderError, Replaceable, WholeFolder};
