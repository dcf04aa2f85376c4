//! The values of a column of the open row group.

use std::io::Write;

use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedRowGroupWriter;
use serde::{Deserialize, Serialize};

use crate::sink::columns::{Cell, Kind};

/// The values, row by row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::sink) enum Values {
    Text(Vec<String>),
    TextIfAny(Vec<Option<String>>),
    WholeIfAny(Vec<Option<u64>>),
    /// As bits, so that they come back from the journal as they were.
    Number(Vec<u32>),
    Texts(Vec<Vec<String>>),
}

/// Does the same to the vector of any column.
macro_rules! each {
    ($values:expr, $vector:ident => $done:expr) => {
        match $values {
            Values::Text($vector) => $done,
            Values::TextIfAny($vector) => $done,
            Values::WholeIfAny($vector) => $done,
            Values::Number($vector) => $done,
            Values::Texts($vector) => $done,
        }
    };
}

impl Values {
    /// None of this kind.
    pub(super) fn new(kind: Kind) -> Self {
        match kind {
            Kind::Text => Self::Text(Vec::new()),
            Kind::TextIfAny => Self::TextIfAny(Vec::new()),
            Kind::WholeIfAny => Self::WholeIfAny(Vec::new()),
            Kind::Number => Self::Number(Vec::new()),
            Kind::Texts => Self::Texts(Vec::new()),
        }
    }

    pub(super) fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    pub(super) fn forget(&mut self, rows: usize) {
        each!(self, values => drop(values.drain(..rows)));
    }

    pub(super) fn first(&self, rows: usize) -> Self {
        match self {
            Self::Text(values) => Self::Text(values[..rows].to_vec()),
            Self::TextIfAny(values) => Self::TextIfAny(values[..rows].to_vec()),
            Self::WholeIfAny(values) => Self::WholeIfAny(values[..rows].to_vec()),
            Self::Number(values) => Self::Number(values[..rows].to_vec()),
            Self::Texts(values) => Self::Texts(values[..rows].to_vec()),
        }
    }

    /// Bytes of text and numbers, as [`Values::push`] counts them.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(values) => values.iter().map(String::len).sum(),
            Self::TextIfAny(values) => values.iter().flatten().map(String::len).sum(),
            Self::WholeIfAny(values) => 8 * values.len(),
            Self::Number(values) => 4 * values.len(),
            Self::Texts(values) => values.iter().flatten().map(String::len).sum(),
        }
    }

    /// Adds a cell of the column's kind, and tells its bytes.
    pub(super) fn push(&mut self, cell: Cell<'_>) -> usize {
        match (self, cell) {
            (Self::Text(values), Cell::Text(text)) => {
                values.push(text.to_owned());
                text.len()
            }
            (Self::TextIfAny(values), Cell::TextIfAny(text)) => {
                values.push(text.map(str::to_owned));
                text.map_or(0, str::len)
            }
            (Self::WholeIfAny(values), Cell::WholeIfAny(number)) => {
                values.push(number);
                8
            }
            (Self::Number(values), Cell::Number(number)) => {
                values.push(number.to_bits());
                4
            }
            (Self::Texts(values), Cell::Texts(texts)) => {
                values.push(texts.to_vec());
                texts.iter().map(String::len).sum()
            }
            (values, cell) => unreachable!("{cell:?} in a column of {values:?}"),
        }
    }

    pub(super) fn write<W: Write + Send>(
        &self,
        rows: usize,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let text = |text: &String| ByteArray::from(text.as_str());
        let known = |known: bool| i16::from(known);
        match self {
            Self::Text(values) => {
                let values: Vec<_> = values[..rows].iter().map(text).collect();
                column::<ByteArrayType>(group, &values, None, None)
            }
            Self::TextIfAny(values) => {
                let values = &values[..rows];
                let levels: Vec<_> = values.iter().map(|text| known(text.is_some())).collect();
                let values: Vec<_> = values.iter().flatten().map(text).collect();
                column::<ByteArrayType>(group, &values, Some(&levels), None)
            }
            Self::WholeIfAny(values) => {
                let values = values[..rows].iter();
                // Offsets are of files, none of which is of 2^63 bytes.
                let values = values.map(|value| value.and_then(|whole| i64::try_from(whole).ok()));
                let levels: Vec<_> = values.clone().map(|value| known(value.is_some())).collect();
                let values: Vec<_> = values.flatten().collect();
                column::<Int64Type>(group, &values, Some(&levels), None)
            }
            Self::Number(values) => {
                let values: Vec<_> = values[..rows].iter().copied().map(f32::from_bits).collect();
                column::<FloatType>(group, &values, None, None)
            }
            Self::Texts(lists) => {
                let lists = &lists[..rows];
                let (mut defined, mut repeated) = (Vec::new(), Vec::new());
                for list in lists {
                    // An empty list has a level of its own, and no value.
                    defined.push(known(!list.is_empty()));
                    repeated.push(0);
                    for _ in list.iter().skip(1) {
                        defined.push(1);
                        repeated.push(1);
                    }
                }
                let values: Vec<_> = lists.iter().flatten().map(text).collect();
                column::<ByteArrayType>(group, &values, Some(&defined), Some(&repeated))
            }
        }
    }
}

fn column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, impl Write + Send>,
    values: &[T::T],
    defined: Option<&[i16]>,
    repeated: Option<&[i16]>,
) -> Result<(), ParquetError> {
    let mut column = (group.next_column()?)
        .ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
    column.typed::<T>().write_batch(values, defined, repeated)?;
    column.close()
}
