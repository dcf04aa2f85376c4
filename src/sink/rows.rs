//! Pages as row groups of Apache Parquet.

use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, FloatType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type, TypePtr};
use serde::{Deserialize, Serialize};

use super::columns::{Cell, Column, Kind};
use super::segment::{Bounds, Open, Segment};
use super::{PageRecord, SinkError};

/// The values of a column in the open row group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Values {
    Text(Vec<String>),
    TextIfAny(Vec<Option<String>>),
    WholeIfAny(Vec<Option<u64>>),
    /// As bits, so that they come back from the journal as they were.
    Number(Vec<u32>),
    Texts(Vec<Vec<String>>),
}

/// The open row group. Sealed, it is a Parquet file of one row group, followed
/// by its length: [`splice`] makes one file of all.
pub(super) struct RowGroup {
    columns: Vec<Column>,
    schema: TypePtr,
    properties: WriterPropertiesPtr,
    bounds: Bounds,
    values: Vec<Values>,
    bytes: usize,
    rows: usize,
    covered: usize,
    /// Covered rows since the output began.
    written: u64,
}

impl RowGroup {
    pub(super) fn new(columns: Vec<Column>, bounds: Bounds) -> io::Result<Self> {
        Ok(Self {
            schema: schema(&columns)?,
            properties: properties(&columns),
            values: columns.iter().map(|column| none_of(column.kind)).collect(),
            columns,
            bounds,
            bytes: 0,
            rows: 0,
            covered: 0,
            written: 0,
        })
    }
}

impl Segment<PageRecord> for RowGroup {
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn resume(&mut self, written: u64, open: Open, _sealed: &mut dyn Read) -> Result<(), String> {
        self.written = written;
        let values = match open {
            Open::Nothing => return Ok(()),
            Open::Rows(values) => values,
            Open::Text { .. } => return Err("text where rows should be".to_owned()),
        };
        let rows = values.first().map_or(0, Values::len);
        let fits = values.len() == self.columns.len()
            && (values.iter().zip(&self.values)).all(|(values, empty)| {
                values.len() == rows
                    && std::mem::discriminant(values) == std::mem::discriminant(empty)
            });
        if !fits || rows as u64 > written {
            return Err("rows of other columns".to_owned());
        }
        self.bytes = values.iter().map(Values::bytes).sum();
        (self.rows, self.covered) = (rows, rows);
        self.values = values;
        Ok(())
    }

    fn write(&mut self, page: &PageRecord) -> Result<(), SinkError> {
        for (column, values) in self.columns.iter().zip(&mut self.values) {
            self.bytes += values.push(column.cell(page));
        }
        self.rows += 1;
        Ok(())
    }

    fn cover(&mut self) {
        self.written += (self.rows - self.covered) as u64;
        self.covered = self.rows;
    }

    fn written(&self) -> u64 {
        self.written
    }

    fn is_full(&self) -> bool {
        self.covered as u64 >= self.bounds.items || self.bytes >= self.bounds.bytes
    }

    fn ends_anywhere(&self) -> bool {
        false
    }

    fn end(&mut self) {
        self.cover();
    }

    fn seal(&self, out: &mut dyn Write) -> io::Result<()> {
        if self.covered == 0 {
            return Ok(());
        }
        let mut file =
            SerializedFileWriter::new(Vec::new(), self.schema.clone(), self.properties.clone())?;
        let mut group = file.next_row_group()?;
        for values in &self.values {
            values.write(self.covered, &mut group)?;
        }
        group.close()?;
        let file = file.into_inner()?;
        out.write_all(&file)?;
        out.write_all(&(file.len() as u64).to_le_bytes())
    }

    fn forget(&mut self) {
        for values in &mut self.values {
            values.forget(self.covered);
        }
        self.bytes = self.values.iter().map(Values::bytes).sum();
        self.rows -= self.covered;
        self.covered = 0;
    }

    fn is_empty(&self) -> bool {
        self.covered == 0
    }

    fn open(&self) -> Open {
        if self.covered == 0 {
            return Open::Nothing;
        }
        let first = |values: &Values| values.first(self.covered);
        Open::Rows(self.values.iter().map(first).collect())
    }
}

fn none_of(kind: Kind) -> Values {
    match kind {
        Kind::Text => Values::Text(Vec::new()),
        Kind::TextIfAny => Values::TextIfAny(Vec::new()),
        Kind::WholeIfAny => Values::WholeIfAny(Vec::new()),
        Kind::Number => Values::Number(Vec::new()),
        Kind::Texts => Values::Texts(Vec::new()),
    }
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
    fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    fn forget(&mut self, rows: usize) {
        each!(self, values => drop(values.drain(..rows)));
    }

    fn first(&self, rows: usize) -> Self {
        match self {
            Self::Text(values) => Self::Text(values[..rows].to_vec()),
            Self::TextIfAny(values) => Self::TextIfAny(values[..rows].to_vec()),
            Self::WholeIfAny(values) => Self::WholeIfAny(values[..rows].to_vec()),
            Self::Number(values) => Self::Number(values[..rows].to_vec()),
            Self::Texts(values) => Self::Texts(values[..rows].to_vec()),
        }
    }

    /// Bytes of text and numbers, as [`Values::push`] counts them.
    fn bytes(&self) -> usize {
        match self {
            Self::Text(values) => values.iter().map(String::len).sum(),
            Self::TextIfAny(values) => values.iter().flatten().map(String::len).sum(),
            Self::WholeIfAny(values) => 8 * values.len(),
            Self::Number(values) => 4 * values.len(),
            Self::Texts(values) => values.iter().flatten().map(String::len).sum(),
        }
    }

    /// Adds a cell of the column's kind, and tells its bytes.
    fn push(&mut self, cell: Cell<'_>) -> usize {
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

    fn write<W: Write + Send>(
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

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let fields = columns.iter().map(|column| field(column).map(Arc::new));
    let fields = fields.collect::<Result<_, _>>()?;
    let schema = Type::group_type_builder("pages").with_fields(fields);
    schema.build().map(Arc::new)
}

fn field(column: &Column) -> Result<Type, ParquetError> {
    let one = |name, physical, logical, repetition| {
        Type::primitive_type_builder(name, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()
    };
    let string = Some(LogicalType::String);
    let (required, optional) = (Repetition::REQUIRED, Repetition::OPTIONAL);
    match column.kind {
        Kind::Text => one(column.name, Physical::BYTE_ARRAY, string, required),
        Kind::TextIfAny => one(column.name, Physical::BYTE_ARRAY, string, optional),
        Kind::WholeIfAny => one(column.name, Physical::INT64, None, optional),
        Kind::Number => one(column.name, Physical::FLOAT, None, required),
        Kind::Texts => {
            // The three levels of the format's specification, LogicalTypes.md, Lists.
            let element = one("element", Physical::BYTE_ARRAY, string, required)?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![Arc::new(element)])
                .build()?;
            Type::group_type_builder(column.name)
                .with_repetition(required)
                .with_logical_type(Some(LogicalType::List))
                .with_fields(vec![Arc::new(list)])
                .build()
        }
    }
}

/// Values looked up in a batch, after which the size of a data page is seen to.
const BATCH: usize = 64;

fn properties(columns: &[Column]) -> WriterPropertiesPtr {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_write_batch_size(BATCH)
        .set_created_by(concat!("dehusk ", env!("CARGO_PKG_VERSION")).to_owned());
    // Long texts, hardly two of which are the same or looked for by their order.
    for column in columns.iter().filter(|column| column.is_content()) {
        let path = ColumnPath::from(column.name);
        properties = properties
            .set_column_dictionary_enabled(path.clone(), false)
            .set_column_statistics_enabled(path, EnabledStatistics::None);
    }
    Arc::new(properties.build())
}

/// Makes one Parquet file of sealed row groups: their columns are copied as they
/// are, one row group at a time.
pub(super) fn splice(
    columns: &[Column],
    sealed: &mut (impl Read + Seek),
    out: impl Write + Send,
) -> io::Result<()> {
    let mut file = SerializedFileWriter::new(out, schema(columns)?, properties(columns))?;
    for (begin, length) in lengths(sealed)?.into_iter().rev() {
        sealed.seek(SeekFrom::Start(begin))?;
        let mut bytes = vec![0; length];
        sealed.read_exact(&mut bytes)?;
        let bytes = Bytes::from(bytes);
        let metadata = ParquetMetaDataReader::new()
            .with_page_index_policy(PageIndexPolicy::Optional)
            .parse_and_finish(&bytes)?;
        let index = metadata.page_index();
        for (at, from) in metadata.row_groups().iter().enumerate() {
            let mut to = file.next_row_group()?;
            for (column, chunk) in from.columns().iter().enumerate() {
                let copied = ColumnCloseResult {
                    bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or_default(),
                    rows_written: u64::try_from(from.num_rows()).unwrap_or_default(),
                    metadata: chunk.clone(),
                    bloom_filter: None,
                    column_index: index.and_then(|index| index.column_index(at, column).cloned()),
                    offset_index: index.and_then(|index| index.offset_index(at, column).cloned()),
                };
                to.append_column(&bytes, copied)?;
            }
            to.close()?;
        }
    }
    file.into_inner()?.flush()
}

/// Where sealed row groups begin, and of how many bytes they are, from the last
/// to the first.
fn lengths(sealed: &mut (impl Read + Seek)) -> io::Result<Vec<(u64, usize)>> {
    let mut end = sealed.seek(SeekFrom::End(0))?;
    let mut found = Vec::new();
    while end > 0 {
        let damaged = || io::Error::new(io::ErrorKind::InvalidData, "a row group is damaged");
        let mut length = [0; 8];
        let behind = end.checked_sub(8).ok_or_else(damaged)?;
        sealed.seek(SeekFrom::Start(behind))?;
        sealed.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        end = behind.checked_sub(length).ok_or_else(damaged)?;
        found.push((end, usize::try_from(length).map_err(|_| damaged())?));
    }
    Ok(found)
}
