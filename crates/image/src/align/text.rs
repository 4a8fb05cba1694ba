//! Small whole numbers as text: two hexadecimal digits each. A list of numbers would be twice as long.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serializer};

/// Writes them.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(values: &[i8], serializer: S) -> Result<S::Ok, S::Error> {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = values.iter().flat_map(|value| {
        let byte = value.cast_unsigned();
        [byte >> 4, byte & 15].map(|digit| char::from(DIGITS[usize::from(digit)]))
    });
    serializer.serialize_str(&digits.collect::<String>())
}

/// Reads them.
///
/// # Errors
/// Where they are not such text.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<i8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let value = |pair: &[u8; 2]| {
        let digit = |digit: u8| char::from(digit).to_digit(16);
        let byte = 16 * digit(pair[0])? + digit(pair[1])?;
        Some((byte as u8).cast_signed())
    };
    let values: Option<Vec<i8>> = pairs.iter().map(value).collect();
    values
        .filter(|_| rest.is_empty())
        .ok_or_else(|| D::Error::custom("expected pairs of hexadecimal digits"))
}
