//! A column of a row group, value by value.

use std::fs::File;
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::reader::ColumnReaderImpl;
use parquet::data_type::{ByteArrayType, DataType, Int32Type, Int64Type};
use parquet::errors::Result;
use parquet::file::metadata::RowGroupMetaData;
use parquet::schema::types::ColumnDescPtr;

use super::pages::Pages;
use super::thrift::broken;
use crate::source::value::Value;

/// A column of texts, bytes or whole numbers without lists.
pub(super) enum Column {
    Bytes(ColumnReaderImpl<ByteArrayType>),
    Int32(ColumnReaderImpl<Int32Type>),
    Int64(ColumnReaderImpl<Int64Type>),
}

impl Column {
    /// The column `at` of `group`, which `described` describes.
    pub fn open(
        file: &Arc<File>,
        group: &RowGroupMetaData,
        described: &ColumnDescPtr,
        at: usize,
    ) -> Result<Self> {
        let chunk = (group.columns().get(at)).ok_or_else(|| broken("it lacks a column"))?;
        let optional = described.max_def_level() > 0;
        let pages = Box::new(Pages::new(Arc::clone(file), chunk, optional)?);
        let described = Arc::clone(described);
        Ok(match described.physical_type() {
            Type::INT32 => Self::Int32(ColumnReaderImpl::new(described, pages)),
            Type::INT64 => Self::Int64(ColumnReaderImpl::new(described, pages)),
            _ => Self::Bytes(ColumnReaderImpl::new(described, pages)),
        })
    }

    /// The next value, of which `needs` bytes are kept: `Some(None)` where it is
    /// null, `None` behind the last.
    pub fn value(&mut self, needs: usize) -> Result<Option<Option<Value>>> {
        let number = |text: String| Value::whole(text.into_bytes());
        Ok(match self {
            Self::Bytes(column) => next(column)?.map(|value| {
                value.map(|value| {
                    let bytes = value.data();
                    Value {
                        held: bytes[..bytes.len().min(needs)].to_owned(),
                        length: bytes.len() as u64,
                    }
                })
            }),
            Self::Int32(column) => {
                next(column)?.map(|value| value.map(|value| number(value.to_string())))
            }
            Self::Int64(column) => {
                next(column)?.map(|value| value.map(|value| number(value.to_string())))
            }
        })
    }
}

/// Reads one record: values are slices of the page, so that nothing but the
/// page is held.
fn next<T: DataType>(column: &mut ColumnReaderImpl<T>) -> Result<Option<Option<T::T>>> {
    let (mut levels, mut values) = (Vec::new(), Vec::new());
    let (records, ..) = column.read_records(1, Some(&mut levels), None, &mut values)?;
    Ok((records == 1).then(|| values.pop()))
}
