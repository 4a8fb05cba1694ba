//! A memory as tensors of a model file, and back.
//!
//! | name | type, shape | what |
//! |---|---|---|
//! | `patches` | F16 `[count, channels]` | the patches, ordered by place if there are places |
//! | `unit` | F32 `[1]` | the unit of distances |
//! | `places` | F32 `[height, width]` | patches of each place; only in a memory by place |
//! | `radius` | F32 `[1]` | how many rows and columns away a patch is compared; as above |

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::memory::Memory;
use crate::places::Places;

/// The most patches that a file may hold.
const MOST_PATCHES: usize = 1 << 18;

/// The most numbers a patch.
const MOST_CHANNELS: usize = 4096;

/// The most rows or columns of places.
const MOST_PLACES: usize = 1024;

/// A tensor of a model file.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its name.
    pub name: String,
    /// The type of its numbers.
    pub dtype: Dtype,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Its numbers, little-endian.
    pub bytes: Vec<u8>,
}

impl Memory {
    /// The tensors that the memory is kept as; their names begin with `prefix`.
    pub fn to_tensors(&self, prefix: &str) -> Vec<Stored> {
        let mut halves = vec![f16::ZERO; self.values().len()];
        halves.convert_from_f32_slice(self.values());
        let mut tensors = vec![
            Stored {
                name: format!("{prefix}patches"),
                dtype: Dtype::F16,
                shape: vec![self.count(), self.channels()],
                bytes: halves.into_iter().flat_map(f16::to_le_bytes).collect(),
            },
            single(prefix, "unit", vec![1], &[self.unit()]),
        ];
        if let Some(places) = self.places() {
            let (height, width) = places.grid();
            let counts: Vec<f32> = places.counts().into_iter().map(|one| one as f32).collect();
            tensors.push(single(prefix, "places", vec![height, width], &counts));
            tensors.push(single(prefix, "radius", vec![1], &[places.radius() as f32]));
        }
        tensors
    }

    /// The memory that was kept with names that begin with `prefix`; `None` if there is none.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_tensors(tensors: &SafeTensors<'_>, prefix: &str) -> Result<Option<Self>, String> {
        let source = Source { tensors, prefix };
        if source.tensor("patches").is_none() {
            return Ok(None);
        }
        let (shape, values) = source.numbers("patches", Dtype::F16)?;
        let [count, channels] = shape[..] else {
            return Err(source.complaint("patches", &format!("has shape {shape:?}")));
        };
        if !(1..=MOST_PATCHES).contains(&count) || !(1..=MOST_CHANNELS).contains(&channels) {
            return Err(source.complaint("patches", &format!("has shape {shape:?}")));
        }
        let unit = source.number("unit")?;
        if unit <= 0.0 {
            return Err(source.complaint("unit", &format!("is {unit}, not above 0")));
        }
        let places = source.places(count)?;
        Ok(Some(Self::new(channels, values, places, unit)))
    }
}

/// Tensors whose names begin alike.
struct Source<'a> {
    tensors: &'a SafeTensors<'a>,
    prefix: &'a str,
}

impl Source<'_> {
    fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        self.tensors.tensor(&format!("{}{name}", self.prefix)).ok()
    }

    fn complaint(&self, name: &str, what: &str) -> String {
        format!("tensor '{}{name}' {what}", self.prefix)
    }

    /// Shape and values, all finite.
    fn numbers(&self, name: &str, dtype: Dtype) -> Result<(Vec<usize>, Vec<f32>), String> {
        let view = self
            .tensor(name)
            .ok_or_else(|| self.complaint(name, "is missing"))?;
        if view.dtype() != dtype {
            return Err(self.complaint(name, &format!("is {:?}, not {dtype:?}", view.dtype())));
        }
        let bytes = view.data();
        let values: Vec<f32> = match dtype {
            Dtype::F16 => {
                let halves: Vec<f16> = bytes
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .copied()
                    .map(f16::from_le_bytes)
                    .collect();
                let mut values = vec![0.0; halves.len()];
                halves.convert_to_f32_slice(&mut values);
                values
            }
            _ => bytes
                .as_chunks::<4>()
                .0
                .iter()
                .copied()
                .map(f32::from_le_bytes)
                .collect(),
        };
        if values.iter().any(|value| !value.is_finite()) {
            return Err(self.complaint(name, "holds NaN or infinite values"));
        }
        Ok((view.shape().to_vec(), values))
    }

    fn number(&self, name: &str) -> Result<f32, String> {
        match self.numbers(name, Dtype::F32)?.1[..] {
            [number] => Ok(number),
            _ => Err(self.complaint(name, "is not one number")),
        }
    }

    /// The places of so many patches, if there are any.
    fn places(&self, count: usize) -> Result<Option<Places>, String> {
        if self.tensor("places").is_none() {
            return Ok(None);
        }
        let (shape, counts) = self.numbers("places", Dtype::F32)?;
        let [height, width] = shape[..] else {
            return Err(self.complaint("places", &format!("has shape {shape:?}")));
        };
        if height.max(width) > MOST_PLACES {
            return Err(self.complaint("places", &format!("has shape {shape:?}")));
        }
        let whole =
            |value: f32| value >= 0.0 && value <= MOST_PATCHES as f32 && value.fract() == 0.0;
        if !counts.iter().all(|count| whole(*count)) {
            return Err(self.complaint("places", "holds what is no count"));
        }
        let counts: Vec<u32> = counts.into_iter().map(|count| count as u32).collect();
        let sum: u64 = counts.iter().copied().map(u64::from).sum();
        if sum != count as u64 {
            return Err(self.complaint("places", &format!("counts {sum} patches, not {count}")));
        }
        let radius = self.number("radius")?;
        if !whole(radius) {
            return Err(self.complaint("radius", &format!("is {radius}")));
        }
        Ok(Some(Places::new(height, width, radius as usize, &counts)))
    }
}

fn single(prefix: &str, name: &str, shape: Vec<usize>, values: &[f32]) -> Stored {
    Stored {
        name: format!("{prefix}{name}"),
        dtype: Dtype::F32,
        shape,
        bytes: values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn memories() -> [Memory; 2] {
        let values: Vec<f32> = (0..24).map(|i| i as f32 / 4.0).collect();
        let places = Places::new(2, 3, 1, &[1, 0, 2, 1, 3, 1]);
        [
            Memory::new(4, values.clone(), None, 0.7),
            Memory::new(3, values, Some(places), 1.3),
        ]
    }

    fn read(tensors: &[Stored]) -> Result<Option<Memory>, String> {
        let views = tensors.iter().map(|one| {
            let view = TensorView::new(one.dtype, one.shape.clone(), &one.bytes).unwrap();
            (one.name.as_str(), view)
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        Memory::from_tensors(&SafeTensors::deserialize(&bytes).unwrap(), "m.")
    }

    #[test]
    fn a_memory_is_read_as_it_was_written() {
        for memory in memories() {
            let again = read(&memory.to_tensors("m.")).unwrap().unwrap();
            assert_eq!(again.fingerprint(), memory.fingerprint());
            assert_eq!(again.places(), memory.places());
        }
        assert!(read(&memories()[0].to_tensors("other.")).unwrap().is_none());
    }

    #[test]
    fn whatever_is_wrong_is_said_and_nothing_panics() {
        let [free, by_place] = memories().map(|memory| memory.to_tensors("m."));
        let with = |tensors: &[Stored], name: &str, shape: &[usize], values: &[f32]| {
            let mut tensors = tensors.to_vec();
            tensors.retain(|one| one.name != format!("m.{name}"));
            if !shape.is_empty() {
                tensors.push(single("m.", name, shape.to_vec(), values));
            }
            read(&tensors).unwrap_err()
        };
        let cases = [
            (with(&free, "unit", &[], &[]), "'m.unit' is missing"),
            (with(&free, "unit", &[1], &[0.0]), "not above 0"),
            (with(&free, "unit", &[1], &[f32::NAN]), "NaN or infinite"),
            (with(&free, "unit", &[2], &[1.0; 2]), "not one number"),
            (
                with(&free, "patches", &[24, 1], &[1.0; 24]),
                "is F32, not F16",
            ),
            (with(&by_place, "places", &[6], &[1.0; 6]), "has shape [6]"),
            (with(&by_place, "places", &[1, 2], &[7.0, -1.0]), "no count"),
            (with(&by_place, "places", &[1, 2], &[7.0, 0.5]), "no count"),
            (with(&by_place, "places", &[1, 2], &[7.0, 3.0]), "counts 10"),
            (
                with(&by_place, "places", &[2000, 1], &[0.0; 2000]),
                "has shape",
            ),
            (with(&by_place, "radius", &[1], &[-3.0]), "'m.radius' is -3"),
            (with(&by_place, "radius", &[], &[]), "'m.radius' is missing"),
        ];
        for (complaint, expected) in cases {
            assert!(complaint.contains(expected), "{complaint}");
        }
        for shape in [vec![24], vec![0, 4], vec![24, 0], vec![1, 4, 6]] {
            let mut tensors = free.clone();
            let count: usize = shape.iter().product();
            tensors[0].bytes.truncate(2 * count);
            tensors[0].shape = shape;
            assert!(read(&tensors).unwrap_err().contains("has shape"));
        }
    }
}
