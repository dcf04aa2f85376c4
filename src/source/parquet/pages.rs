//! A column of a row group → its pages, unpacked and checked, one by one.
//!
//! The `parquet` crate's own page reader trusts sizes and counts that a page's
//! header claims, and its decoders panic or reserve memory by them. What this
//! reader gives them has been measured first.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::sync::Arc;

use parquet::basic::{CompressionCodec, Encoding};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::ColumnChunkMetaData;

use super::delta::Delta;
use super::thrift::{STRUCT, Thrift, broken};
use super::unpack::unpack;

/// Bytes that a page may have, unpacked. PyArrow looks at a page's size once
/// each 1,024 rows, so that pages of HTML have a hundred megabytes and more.
const LARGEST: i32 = 1 << 30;

/// Pages of a column chunk.
pub(super) struct Pages {
    file: Arc<File>,
    /// Where the next page's header begins.
    at: u64,
    /// Bytes of the chunk from there.
    left: u64,
    codec: CompressionCodec,
    /// Whether values may be absent, so that levels stand before them.
    optional: bool,
    dictionary: bool,
}

/// A page's header (parquet.thrift, `PageHeader`), as far as it is used.
#[derive(Default)]
struct Header {
    kind: i32,
    plain: i32,
    packed: i32,
    values: i32,
    nulls: i32,
    rows: i32,
    encoding: i32,
    levels: i32,
    definition_bytes: i32,
    repetition_bytes: i32,
    uncompressed: bool,
}

impl Pages {
    /// Pages of `chunk`, whose values may be absent where `optional`.
    pub fn new(file: Arc<File>, chunk: &ColumnChunkMetaData, optional: bool) -> Result<Self> {
        if chunk.file_path().is_some() {
            return Err(broken(
                "a column is in another file, which is not supported",
            ));
        }
        let data = chunk.data_page_offset();
        let start = match chunk.dictionary_page_offset() {
            Some(dictionary) if dictionary > 0 => dictionary.min(data),
            _ => data,
        };
        let start = u64::try_from(start);
        let length = u64::try_from(chunk.compressed_size());
        let whole = file.metadata()?.len();
        match (start, length) {
            (Ok(at), Ok(left)) if at.checked_add(left).is_some_and(|end| end <= whole) => {
                Ok(Self {
                    file,
                    at,
                    left,
                    codec: chunk.compression_codec(),
                    optional,
                    dictionary: false,
                })
            }
            _ => Err(broken("a column does not lie within the file")),
        }
    }

    fn header(&mut self) -> Result<Header> {
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let mut thrift = Thrift::new(BufReader::with_capacity(256, file.take(self.left)));
        let mut header = Header::default();
        thrift.fields(|thrift, number, kind| {
            match (number, kind) {
                (1, _) => header.kind = thrift.i32(kind)?,
                (2, _) => header.plain = thrift.i32(kind)?,
                (3, _) => header.packed = thrift.i32(kind)?,
                (5 | 7 | 8, STRUCT) => header.read_kind(thrift, number)?,
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })?;
        self.at += thrift.taken;
        self.left -= thrift.taken.min(self.left);
        Ok(header)
    }

    fn packed(&mut self, length: i32) -> Result<Vec<u8>> {
        let length = u64::try_from(length)
            .ok()
            .filter(|&length| length <= self.left)
            .ok_or_else(|| broken("a page does not lie within its column"))?;
        let mut file = &*self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let mut packed = Vec::new();
        file.take(length).read_to_end(&mut packed)?;
        if (packed.len() as u64) < length {
            return Err(broken("the file became shorter while it was read"));
        }
        self.at += length;
        self.left -= length;
        Ok(packed)
    }

    /// The next page with a value in it.
    fn page(&mut self) -> Result<Option<Page>> {
        while self.left > 0 {
            let header = self.header()?;
            let packed = self.packed(header.packed)?;
            let page = match header.kind {
                0 => self.data_page(&header, packed)?,
                2 => self.dictionary_page(&header, packed)?,
                3 => self.data_page_v2(&header, packed)?,
                // An index page: none has been specified yet.
                _ => continue,
            };
            if page.num_values() > 0 || page.is_dictionary_page() {
                return Ok(Some(page));
            }
        }
        Ok(None)
    }

    fn plain(&self, header: &Header, packed: Vec<u8>, ahead: usize) -> Result<Vec<u8>> {
        if header.plain < 0 || header.plain > LARGEST {
            return Err(broken("a page has more than 1 GB unpacked"));
        }
        let size = header.plain as usize;
        if self.codec == CompressionCodec::UNCOMPRESSED || header.uncompressed {
            return Ok(packed);
        }
        let (Some((levels, packed)), Some(size)) =
            (packed.split_at_checked(ahead), size.checked_sub(ahead))
        else {
            return Err(broken("the levels of a page do not lie within it"));
        };
        // A page of nothing but absent values need not hold packed bytes.
        if size == 0 {
            return Ok(levels.to_owned());
        }
        unpack(self.codec, levels, packed, size)
    }

    fn dictionary_page(&mut self, header: &Header, packed: Vec<u8>) -> Result<Page> {
        let plain = self.plain(header, packed, 0)?;
        let num_values = count(header.values)?;
        // An entry has four bytes and more: numbers, or lengths of texts.
        if num_values as usize > plain.len() / 4 {
            return Err(broken("a dictionary claims more entries than it can hold"));
        }
        if std::mem::replace(&mut self.dictionary, true) {
            return Err(broken("a column has two dictionaries"));
        }
        Ok(Page::DictionaryPage {
            buf: plain.into(),
            num_values,
            encoding: encoding(header.encoding)?,
            is_sorted: false,
        })
    }

    fn data_page(&self, header: &Header, packed: Vec<u8>) -> Result<Page> {
        let plain = self.plain(header, packed, 0)?;
        let mut values = &plain[..];
        if self.optional {
            if encoding(header.levels)? != Encoding::RLE {
                return Err(broken(
                    "levels are not run-length encoded, which is not supported",
                ));
            }
            let length = plain
                .first_chunk()
                .map_or(usize::MAX, |&length| u32::from_le_bytes(length) as usize);
            values = length
                .checked_add(4)
                .and_then(|end| plain.get(end..))
                .ok_or_else(|| broken("the levels of a page do not lie within it"))?;
        }
        self.check_values(header, values)?;
        Ok(Page::DataPage {
            num_values: count(header.values)?,
            encoding: encoding(header.encoding)?,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
            buf: plain.into(),
        })
    }

    fn data_page_v2(&self, header: &Header, packed: Vec<u8>) -> Result<Page> {
        let def_levels_byte_len = count(header.definition_bytes)?;
        let rep_levels_byte_len = count(header.repetition_bytes)?;
        let levels = def_levels_byte_len as usize + rep_levels_byte_len as usize;
        let plain = self.plain(header, packed, levels)?;
        let values = plain
            .get(levels..)
            .ok_or_else(|| broken("the levels of a page do not lie within it"))?;
        self.check_values(header, values)?;
        Ok(Page::DataPageV2 {
            num_values: count(header.values)?,
            encoding: encoding(header.encoding)?,
            num_nulls: count(header.nulls)?,
            num_rows: count(header.rows)?,
            def_levels_byte_len,
            rep_levels_byte_len,
            is_compressed: false,
            statistics: None,
            buf: plain.into(),
        })
    }

    /// Whether the values are what the decoders can be given.
    fn check_values(&self, header: &Header, values: &[u8]) -> Result<()> {
        let most = count(header.values)? as usize;
        match encoding(header.encoding)? {
            Encoding::PLAIN => Ok(()),
            Encoding::RLE_DICTIONARY if self.dictionary => Ok(()),
            Encoding::RLE_DICTIONARY => Err(broken("a column lacks its dictionary")),
            Encoding::DELTA_BINARY_PACKED => Delta::read(values, most).map(|_| ()),
            Encoding::DELTA_LENGTH_BYTE_ARRAY => Delta::read(values, most)?.check_lengths(values),
            Encoding::DELTA_BYTE_ARRAY => {
                let prefixes = Delta::read(values, most)?;
                let values = &values[prefixes.end..];
                let suffixes = Delta::read(values, most)?;
                if prefixes.values != suffixes.values {
                    return Err(broken("a page has not as many prefixes as suffixes"));
                }
                suffixes.check_lengths(values)
            }
            _ => Err(broken(
                "the values of a page are in an encoding that is not supported",
            )),
        }
    }
}

impl Header {
    /// `DataPageHeader` (5), `DictionaryPageHeader` (7) or `DataPageHeaderV2` (8).
    fn read_kind<R: Read>(&mut self, thrift: &mut Thrift<R>, page: i16) -> Result<()> {
        thrift.fields(|thrift, number, kind| {
            match (page, number) {
                (_, 1) => self.values = thrift.i32(kind)?,
                (5 | 7, 2) | (8, 4) => self.encoding = thrift.i32(kind)?,
                (5, 3) => self.levels = thrift.i32(kind)?,
                (8, 2) => self.nulls = thrift.i32(kind)?,
                (8, 3) => self.rows = thrift.i32(kind)?,
                (8, 5) => self.definition_bytes = thrift.i32(kind)?,
                (8, 6) => self.repetition_bytes = thrift.i32(kind)?,
                (8, 7) => self.uncompressed = !thrift.boolean(kind)?,
                _ => thrift.skip(kind)?,
            }
            Ok(())
        })
    }
}

fn count(number: i32) -> Result<u32> {
    u32::try_from(number).map_err(|_| broken("a page counts less than none of something"))
}

/// parquet.thrift, `Encoding`; the older number of dictionaries is theirs too.
fn encoding(number: i32) -> Result<Encoding> {
    Ok(match number {
        0 => Encoding::PLAIN,
        2 | 8 => Encoding::RLE_DICTIONARY,
        3 => Encoding::RLE,
        5 => Encoding::DELTA_BINARY_PACKED,
        6 => Encoding::DELTA_LENGTH_BYTE_ARRAY,
        7 => Encoding::DELTA_BYTE_ARRAY,
        _ => return Err(broken("a page is in an encoding that is not supported")),
    })
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.page()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        Err(ParquetError::NYI("pages are not skipped".to_owned()))
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(ParquetError::NYI("pages are not skipped".to_owned()))
    }
}
