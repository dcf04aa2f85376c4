//! Classes of bytes, looked up.

/// Tab, line feed, form feed, carriage return or space.
const SPACE: u8 = 1;
/// What ends a tag's name: a space, `/` or `>`.
const ENDS_TAG_NAME: u8 = 2;
/// What ends an attribute's name: a space, `/`, `>` or `=`.
const ENDS_ATTRIBUTE_NAME: u8 = 4;
/// What ends an unquoted value: a space or `>`.
const ENDS_VALUE: u8 = 8;
/// What names do not keep as it is: capitals and NUL.
const CHANGES_IN_NAMES: u8 = 16;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => {
                SPACE | ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE
            }
            b'/' => ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME,
            b'>' => ENDS_TAG_NAME | ENDS_ATTRIBUTE_NAME | ENDS_VALUE,
            b'=' => ENDS_ATTRIBUTE_NAME,
            b'A'..=b'Z' | 0 => CHANGES_IN_NAMES,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

pub(super) fn is_space(byte: u8) -> bool {
    is(byte, SPACE)
}

pub(super) fn ends_tag_name(byte: u8) -> bool {
    is(byte, ENDS_TAG_NAME)
}

pub(super) fn ends_attribute_name(byte: u8) -> bool {
    is(byte, ENDS_ATTRIBUTE_NAME)
}

pub(super) fn ends_unquoted_value(byte: u8) -> bool {
    is(byte, ENDS_VALUE)
}

pub(super) fn changes_in_names(byte: u8) -> bool {
    is(byte, CHANGES_IN_NAMES)
}
