//! Sealed row groups → one Parquet file.

use std::io::{self, Read, Seek, SeekFrom, Write};

use bytes::Bytes;
use parquet::column::writer::ColumnCloseResult;
use parquet::file::metadata::{PageIndexPolicy, ParquetMetaDataReader};
use parquet::file::writer::SerializedFileWriter;

use super::{properties, schema};
use crate::sink::columns::Column;

/// Makes one Parquet file of sealed row groups: their columns are copied as they
/// are, one row group at a time.
pub(in crate::sink) fn splice(
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
