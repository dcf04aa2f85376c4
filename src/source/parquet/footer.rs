//! A Parquet file → what its footer says, checked before the `parquet` crate
//! builds a schema of it: the crate recurses into groups and reserves room for
//! as many children as they claim.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use parquet::errors::Result;
use parquet::file::metadata::{ParquetMetaData, ParquetMetaDataReader};

use super::guarded;
use super::thrift::{I32, LIST, STRUCT, Thrift, broken};

/// Bytes that a footer may have: a hundred columns in ten thousand row groups.
const LARGEST: u64 = 128 << 20;

/// Groups that may stand in each other in a schema.
const DEEPEST: usize = 64;

/// Reads the footer.
pub(super) fn read(file: &mut File) -> Result<ParquetMetaData> {
    let length = file.seek(SeekFrom::End(0))?;
    let mut end = [0; 8];
    if length < 12 {
        return Err(broken("it is too short"));
    }
    file.seek(SeekFrom::Start(length - 8))?;
    file.read_exact(&mut end)?;
    let [a, b, c, d, magic @ ..] = end;
    match &magic {
        b"PAR1" => {}
        b"PARE" => return Err(broken("its footer is encrypted, which is not supported")),
        _ => return Err(broken("it does not end as Parquet files do")),
    }
    let size = u64::from(u32::from_le_bytes([a, b, c, d]));
    if size > length - 12 {
        return Err(broken("its footer would be longer than the file"));
    }
    if size > LARGEST {
        return Err(broken("its footer is larger than 128 MB"));
    }
    file.seek(SeekFrom::Start(length - 8 - size))?;
    let mut footer = Vec::new();
    file.take(size).read_to_end(&mut footer)?;
    check_schema(&footer)?;
    guarded(|| ParquetMetaDataReader::decode_metadata(&footer))
}

/// Walks the schema (`FileMetaData`, field 2: its elements, depth first, each
/// with the number of its children in field 5).
fn check_schema(footer: &[u8]) -> Result<()> {
    let mut thrift = Thrift::new(footer);
    thrift.fields(|thrift, number, kind| {
        if (number, kind) != (2, LIST) {
            return thrift.skip(kind);
        }
        let (elements, kind) = thrift.list()?;
        if kind != STRUCT {
            return Err(broken("its schema is no list of elements"));
        }
        // Children that are still to come, of the groups that are open.
        let mut open: Vec<u64> = Vec::new();
        for element in 0..elements {
            let mut children = 0;
            thrift.fields(|thrift, number, kind| {
                if (number, kind) != (5, I32) {
                    return thrift.skip(kind);
                }
                children = u64::try_from(thrift.i32(kind)?)
                    .map_err(|_| broken("a group of its schema has less than no children"))?;
                Ok(())
            })?;
            if children > elements - element - 1 {
                return Err(broken(
                    "a group of its schema has more children than there are",
                ));
            }
            if let Some(left) = open.last_mut() {
                *left -= 1;
            }
            if children > 0 {
                open.push(children);
            }
            while open.last() == Some(&0) {
                open.pop();
            }
            if open.len() > DEEPEST {
                return Err(broken("its schema is nested more than 64 deep"));
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A footer whose schema has groups of so many children each.
    fn footer(children: &[u32]) -> Vec<u8> {
        let mut footer = vec![0x29, 0xfc, 0, 0];
        let items = children.len();
        footer[2] = (items & 0x7f) as u8 | 0x80;
        footer[3] = (items >> 7) as u8;
        for &children in children {
            footer.push(0x55);
            let mut rest = u64::from(children) << 1;
            while rest > 0x7f {
                footer.push(rest as u8 | 0x80);
                rest >>= 7;
            }
            footer.extend([rest as u8, 0]);
        }
        footer.push(0);
        footer
    }

    #[test]
    fn schemas_that_claim_too_much_are_refused_before_they_are_built() {
        assert!(check_schema(&footer(&[2, 1, 0, 0])).is_ok());
        assert!(check_schema(&footer(&[60_000, 0, 0])).is_err());
        let deep = check_schema(&footer(&[1; 10_000])).unwrap_err().to_string();
        assert!(deep.contains("64 deep"), "{deep}");
        // Groups side by side are not deep.
        let mut wide = vec![200];
        wide.extend([1, 0].repeat(200));
        assert!(check_schema(&footer(&wide)).is_ok());
    }
}
