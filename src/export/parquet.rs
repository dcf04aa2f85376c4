//! Rows as Apache Parquet.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, FloatType, Int32Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::Type;

use super::{ExportError, LEADING, PageRows};

/// Rows of a row group: what is held in memory of a table.
pub const ROW_GROUP: usize = 16_384;

/// Writes rows as Parquet, in row groups of [`ROW_GROUP`] rows, compressed by
/// Snappy. Text is `STRING`, `block` and `words` are `INT32`, all other numbers
/// `FLOAT`; what only a corpus knows of a page is optional, but for
/// `evaluation_only`, a `BOOLEAN` that is false for a page of no corpus.
pub struct ParquetTable<W: Write + Send> {
    out: SerializedFileWriter<W>,
    group: Group,
    row_group: usize,
}

/// The rows of a row group, by column. Of optional columns only what is known
/// is held, and for each row whether it is.
#[derive(Default)]
struct Group {
    rows: usize,
    labelled: Vec<bool>,
    corpus: Vec<ByteArray>,
    page: Vec<ByteArray>,
    group: Vec<ByteArray>,
    profile: Vec<ByteArray>,
    licence: Vec<ByteArray>,
    evaluation_only: Vec<bool>,
    coverage: Vec<f32>,
    block: Vec<i32>,
    label: Vec<f32>,
    words: Vec<i32>,
    weight: Vec<f32>,
    tag: Vec<ByteArray>,
    xpath: Vec<ByteArray>,
    features: Vec<Vec<f32>>,
}

impl<W: Write + Send> ParquetTable<W> {
    /// Begins a table of rows that have these columns of features.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn new(out: W, features: &[String]) -> Result<Self, ExportError> {
        Self::in_groups_of(ROW_GROUP, out, features)
    }

    fn in_groups_of(row_group: usize, out: W, features: &[String]) -> Result<Self, ExportError> {
        let mut fields = Vec::with_capacity(LEADING.len() + features.len());
        for name in LEADING {
            fields.push(Arc::new(leading(name)?));
        }
        for name in features {
            let builder = Type::primitive_type_builder(name, Physical::FLOAT);
            fields.push(Arc::new(
                builder.with_repetition(Repetition::REQUIRED).build()?,
            ));
        }
        let schema = Type::group_type_builder("blocks").with_fields(fields);
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("dehusk ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        Ok(Self {
            out: SerializedFileWriter::new(out, Arc::new(schema.build()?), Arc::new(properties))?,
            group: Group::of(features.len()),
            row_group,
        })
    }

    /// Adds the rows of a page, and writes each row group that is full.
    ///
    /// # Errors
    /// When they cannot be written, or have other columns than the table.
    pub fn write(&mut self, rows: &PageRows) -> Result<(), ExportError> {
        if rows.features.ncols() != self.group.features.len() {
            return Err(ParquetError::General(format!(
                "page {} has {} features, the table {}",
                rows.page,
                rows.features.ncols(),
                self.group.features.len()
            ))
            .into());
        }
        for block in 0..rows.len() {
            self.group.push(rows, block);
            if self.group.rows == self.row_group {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.group.rows > 0 {
            let features = self.group.features.len();
            let group = std::mem::replace(&mut self.group, Group::of(features));
            group.write(self.out.next_row_group()?)?;
        }
        Ok(())
    }

    /// Ends the table, and gives back what it was written to.
    ///
    /// # Errors
    /// When the last rows or the file's end cannot be written.
    pub fn finish(mut self) -> Result<W, ExportError> {
        self.flush()?;
        Ok(self.out.into_inner()?)
    }
}

/// A column before the features.
fn leading(name: &str) -> Result<Type, ParquetError> {
    let (physical, logical) = match name {
        "block" | "words" => (Physical::INT32, None),
        "coverage" | "label" | "weight" => (Physical::FLOAT, None),
        "evaluation_only" => (Physical::BOOLEAN, None),
        _ => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let repetition = match name {
        "corpus" | "group" | "profile" | "licence" | "coverage" | "label" => Repetition::OPTIONAL,
        _ => Repetition::REQUIRED,
    };
    Type::primitive_type_builder(name, physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()
}

impl Group {
    fn of(features: usize) -> Self {
        Self {
            features: vec![Vec::new(); features],
            ..Self::default()
        }
    }

    fn push(&mut self, rows: &PageRows, block: usize) {
        let whole = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
        self.rows += 1;
        self.labelled.push(rows.labelled.is_some());
        if let Some(known) = &rows.labelled {
            self.corpus.push(known.corpus.as_str().into());
            self.group.push(known.group.as_str().into());
            self.profile.push(known.profile.name().into());
            self.licence.push(known.licence.as_str().into());
            self.coverage.push(known.coverage);
            self.label.push(known.labels[block]);
        }
        let known = rows.labelled.as_ref();
        self.evaluation_only
            .push(known.is_some_and(|known| known.evaluation_only));
        self.page.push(rows.page.as_str().into());
        self.block.push(whole(block));
        self.words.push(whole(rows.words[block] as usize));
        self.weight.push(rows.weights[block]);
        self.tag.push(rows.tags[block].as_str().into());
        self.xpath.push(rows.xpaths[block].as_str().into());
        for (column, &value) in self.features.iter_mut().zip(rows.features.row(block)) {
            column.push(value);
        }
    }

    /// Writes the columns in the order of [`LEADING`], then the features.
    fn write<W: Write + Send>(
        self,
        mut out: SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let known: Vec<i16> = self
            .labelled
            .iter()
            .map(|&known| i16::from(known))
            .collect();
        let known = Some(&known[..]);
        let mut columns = Columns(&mut out);
        columns.text(&self.corpus, known)?;
        columns.text(&self.page, None)?;
        columns.text(&self.group, known)?;
        columns.text(&self.profile, known)?;
        columns.text(&self.licence, known)?;
        columns.next::<BoolType>(&self.evaluation_only, None)?;
        columns.floats(&self.coverage, known)?;
        columns.whole(&self.block)?;
        columns.floats(&self.label, known)?;
        columns.whole(&self.words)?;
        columns.floats(&self.weight, None)?;
        columns.text(&self.tag, None)?;
        columns.text(&self.xpath, None)?;
        for column in &self.features {
            columns.floats(column, None)?;
        }
        out.close()?;
        Ok(())
    }
}

/// The columns of a row group that are still to be written.
struct Columns<'a, 'b, W: Write + Send>(&'a mut SerializedRowGroupWriter<'b, W>);

impl<W: Write + Send> Columns<'_, '_, W> {
    fn text(&mut self, values: &[ByteArray], known: Option<&[i16]>) -> Result<(), ParquetError> {
        self.next::<ByteArrayType>(values, known)
    }

    fn floats(&mut self, values: &[f32], known: Option<&[i16]>) -> Result<(), ParquetError> {
        self.next::<FloatType>(values, known)
    }

    fn whole(&mut self, values: &[i32]) -> Result<(), ParquetError> {
        self.next::<Int32Type>(values, None)
    }

    fn next<T: parquet::data_type::DataType>(
        &mut self,
        values: &[T::T],
        known: Option<&[i16]>,
    ) -> Result<(), ParquetError> {
        let mut column = (self.0.next_column()?)
            .ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
        column.typed::<T>().write_batch(values, known, None)?;
        column.close()
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns;
    use super::*;
    use crate::corpus::{Format, LabelledPage, PageSource};
    use crate::page::{Page, PageContext};
    use parquet::file::reader::{FileReader, SerializedFileReader};
    use parquet::record::RowAccessor;

    #[test]
    fn rows_read_back_with_their_types_in_bounded_row_groups() {
        let source = PageSource::Inline(b"<p>The old bridge reopened.".to_vec());
        let page = LabelledPage::new("a", Format::Dragnet, source, "The old bridge reopened.");
        let labelled = PageRows::of(&page, None).unwrap();
        let long = Page::parse("<p>Tea".repeat(7).as_bytes(), &PageContext::default());
        let long = PageRows::of_page("b", &long, None);
        let out = tempfile::tempfile().unwrap();
        let mut table = ParquetTable::in_groups_of(4, out, &columns(false)).unwrap();
        for rows in [&labelled, &long, &labelled] {
            table.write(rows).unwrap();
        }
        let reader = SerializedFileReader::new(table.finish().unwrap()).unwrap();
        let groups: Vec<i64> = (reader.metadata().row_groups().iter())
            .map(|group| group.num_rows())
            .collect();
        assert_eq!(groups, [4, 4, 1]);
        let rows: Vec<_> = reader
            .get_row_iter(None)
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(rows[0].get_string(0).unwrap(), "dragnet");
        assert_eq!(rows[0].get_string(4).unwrap(), "AGPL-3.0");
        assert!(rows[0].get_bool(5).unwrap());
        assert_eq!(rows[0].get_float(8).unwrap(), 1.0);
        assert_eq!(rows[0].get_int(9).unwrap(), 4);
        assert!(rows[1].get_string(0).is_err() && rows[1].get_float(8).is_err());
        assert!(rows[1].get_string(4).is_err() && !rows[1].get_bool(5).unwrap());
        assert_eq!(rows[7].get_int(7).unwrap(), 6);
        for (column, &value) in labelled.features.row(0).iter().enumerate() {
            assert_eq!(rows[8].get_float(LEADING.len() + column).unwrap(), value);
        }
    }

    #[test]
    fn rows_of_other_columns_are_refused() {
        let page = Page::parse(b"<p>Tea", &PageContext::default());
        let mut table = ParquetTable::new(Vec::new(), &columns(true)).unwrap();
        let error = table.write(&PageRows::of_page("1", &page, None));
        assert!(matches!(error, Err(ExportError::Parquet(_))));
    }
}
