//! Pages → a table of their blocks, for learning and looking elsewhere.
//!
//! [`PageRows`] are the rows of a page: what a block is, how it is labelled,
//! and every feature by its name. [`CsvTable`] and [`ParquetTable`] write the
//! rows of page after page as they come, and hold no more than a page or a row
//! group of them.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod rows;

pub use self::csv::CsvTable;
#[cfg(feature = "parquet")]
pub use self::parquet::{ParquetTable, ROW_GROUP};
pub use rows::{LEADING, PageRows, columns};

/// Why a table cannot be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ExportError {
    /// CSV cannot be written.
    #[error("rows cannot be written as CSV; make sure that the disk has room")]
    Csv(#[from] ::csv::Error),
    /// Parquet cannot be written.
    #[cfg(feature = "parquet")]
    #[error("rows cannot be written as Parquet; make sure that the disk has room, or name a .csv")]
    Parquet(#[from] ::parquet::errors::ParquetError),
}
