//! Pages as row groups of Apache Parquet.

mod splice;
mod values;

use std::io::{self, Read, Write};
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type, TypePtr};

use super::columns::{Column, Kind};
use super::segment::{Bounds, Open, Segment};
use super::{PageRecord, SinkError};
pub(super) use splice::splice;
pub(super) use values::Values;

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
            values: columns
                .iter()
                .map(|column| Values::new(column.kind))
                .collect(),
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

    fn items(&self) -> u64 {
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
