//! A memory as tensors of a model file, and back.
//!
//! | name | type, shape | what |
//! |---|---|---|
//! | `patches` | F16 `[count, channels]` | the patches, whitened if features are; of a memory of patches |
//! | `means` | F16 `[count, channels]` | of a memory of Gaussians |
//! | `factors` | F16 `[count, channels (channels + 1) / 2]` | inverse Cholesky factors, row by row up to the diagonal; as above |
//! | `unit` | F32 `[1]` | the unit of distances |
//! | `mean` | F32 `[channels]` | what features are less before they are whitened; only if they are |
//! | `whitening` | F32 `[channels, channels]` | and multiplied with: rows of outputs; as above |

use half::f16;
use half::slice::HalfFloatSliceExt;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};

use crate::gaussians::{self, Gaussians};
use crate::memory::{Memory, Normal, Parts};
use crate::whitening::Whitening;

/// The most patches that a file may hold.
const MOST_PATCHES: usize = 1 << 18;

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
        let Parts {
            channels,
            normal,
            whitening,
        } = self.parts();
        let (count, channels) = (self.count(), *channels);
        let mut tensors = match normal {
            Normal::Patches(values, _) => {
                vec![half(prefix, "patches", vec![count, channels], values)]
            }
            Normal::Gaussians(gaussians) => {
                let rows = gaussians.factors().chunks_exact(channels).enumerate();
                let triangles = rows.flat_map(|(i, row)| &row[..=i % channels]);
                let triangles: Vec<f32> = triangles.copied().collect();
                let shape = vec![count, triangle(channels)];
                vec![
                    half(prefix, "means", vec![count, channels], gaussians.means()),
                    half(prefix, "factors", shape, &triangles),
                ]
            }
        };
        tensors.push(single(prefix, "unit", vec![1], &[self.unit()]));
        if let Some(whitening) = whitening {
            let square = vec![channels; 2];
            tensors.push(single(prefix, "mean", vec![channels], whitening.mean()));
            tensors.push(single(prefix, "whitening", square, whitening.weights()));
        }
        tensors
    }

    /// The memory of features of so many channels that was kept with names that begin with `prefix`; `None` if
    /// there is none.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn from_tensors(
        tensors: &SafeTensors<'_>,
        prefix: &str,
        channels: usize,
    ) -> Result<Option<Self>, String> {
        let source = Source { tensors, prefix };
        let normal = if source.tensor("means").is_some() {
            source.gaussians(channels)?
        } else if source.tensor("patches").is_some() {
            let values = source.table("patches", MOST_PATCHES, channels)?;
            Normal::patches(channels, values)
        } else {
            return Ok(None);
        };
        let unit = source.unit()?;
        let parts = Parts {
            channels,
            normal,
            whitening: source.whitening(channels)?,
        };
        Ok(Some(Self::new(parts, unit)))
    }
}

/// A unit of distances as a tensor whose name begins with `prefix`.
pub(crate) fn unit_to_tensor(prefix: &str, unit: f32) -> Stored {
    single(prefix, "unit", vec![1], &[unit])
}

/// The unit that was kept with a name that begins with `prefix`; `None` if there is none.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn unit_from_tensor(
    tensors: &SafeTensors<'_>,
    prefix: &str,
) -> Result<Option<f32>, String> {
    let source = Source { tensors, prefix };
    let unit = source.tensor("unit").map(|_| source.unit());
    unit.transpose()
}

/// Tensors whose names begin alike.
pub(crate) struct Source<'a> {
    pub(crate) tensors: &'a SafeTensors<'a>,
    pub(crate) prefix: &'a str,
}

impl Source<'_> {
    pub(crate) fn tensor(&self, name: &str) -> Option<TensorView<'_>> {
        self.tensors.tensor(&format!("{}{name}", self.prefix)).ok()
    }

    pub(crate) fn complaint(&self, name: &str, what: &str) -> String {
        format!("tensor '{}{name}' {what}", self.prefix)
    }

    /// All values, which must be finite, of a tensor whose shape is right.
    pub(crate) fn numbers(
        &self,
        name: &str,
        dtype: Dtype,
        fits: impl Fn(&[usize]) -> bool,
    ) -> Result<Vec<f32>, String> {
        let view = self
            .tensor(name)
            .ok_or_else(|| self.complaint(name, "is missing"))?;
        if view.dtype() != dtype {
            return Err(self.complaint(name, &format!("is {:?}, not {dtype:?}", view.dtype())));
        }
        // Before anything is made of it: it may be large.
        if !fits(view.shape()) {
            return Err(self.complaint(name, &format!("has shape {:?}", view.shape())));
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
        Ok(values)
    }

    /// All values of at least one and at most `most` rows of so many numbers.
    fn table(&self, name: &str, most: usize, channels: usize) -> Result<Vec<f32>, String> {
        self.numbers(name, Dtype::F16, |shape| {
            shape.len() == 2 && (1..=most).contains(&shape[0]) && shape[1] == channels
        })
    }

    fn gaussians(&self, channels: usize) -> Result<Normal, String> {
        let means = self.table("means", gaussians::MOST, channels)?;
        let shape = [means.len() / channels, triangle(channels)];
        let triangles = self.numbers("factors", Dtype::F16, |found| found == shape)?;
        let mut factors = vec![0.0; means.len() * channels];
        let mut triangles = triangles.into_iter();
        for (i, row) in factors.chunks_exact_mut(channels).enumerate() {
            let filled = &mut row[..=i % channels];
            filled
                .iter_mut()
                .zip(&mut triangles)
                .for_each(|(to, from)| *to = from);
        }
        let gaussians = Gaussians::new(channels, means, factors);
        Ok(Normal::Gaussians(gaussians))
    }

    /// Values of a shape that is known.
    pub(crate) fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, String> {
        self.numbers(name, Dtype::F32, |found| found == shape)
    }

    fn unit(&self) -> Result<f32, String> {
        let unit = self.values("unit", &[1])?[0];
        match unit > 0.0 {
            true => Ok(unit),
            false => Err(self.complaint("unit", &format!("is {unit}, not above 0"))),
        }
    }

    fn whitening(&self, channels: usize) -> Result<Option<Whitening>, String> {
        if self.tensor("whitening").is_none() {
            return Ok(None);
        }
        let mean = self.values("mean", &[channels])?;
        let weights = self.values("whitening", &[channels; 2])?;
        Ok(Some(Whitening::new(mean, weights)))
    }
}

/// Numbers of a triangle of so many rows, the diagonal among them.
pub(crate) fn triangle(rows: usize) -> usize {
    rows * (rows + 1) / 2
}

pub(crate) fn half(prefix: &str, name: &str, shape: Vec<usize>, values: &[f32]) -> Stored {
    let mut halves = vec![f16::ZERO; values.len()];
    halves.convert_from_f32_slice(values);
    Stored {
        name: format!("{prefix}{name}"),
        dtype: Dtype::F16,
        shape,
        bytes: halves.into_iter().flat_map(f16::to_le_bytes).collect(),
    }
}

pub(crate) fn single(prefix: &str, name: &str, shape: Vec<usize>, values: &[f32]) -> Stored {
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
    use crate::mixture;

    fn memories() -> [Memory; 3] {
        let values: Vec<f32> = (0..24).map(|i| (i * i % 11) as f32 / 4.0).collect();
        let whitening = Whitening::of(3, &values);
        let plain = Parts {
            channels: 4,
            normal: Normal::patches(4, values.clone()),
            whitening: None,
        };
        let whitened = Parts {
            channels: 3,
            normal: Normal::patches(3, values.clone()),
            whitening: Some(whitening.clone()),
        };
        let gaussians = Parts {
            channels: 3,
            normal: Normal::Gaussians(mixture::learn(3, &values, 8)),
            whitening: Some(whitening),
        };
        [
            Memory::new(plain, 0.7),
            Memory::new(whitened, 1.3),
            Memory::new(gaussians, 2.0),
        ]
    }

    fn read(tensors: &[Stored], channels: usize) -> Result<Option<Memory>, String> {
        let views = tensors.iter().map(|one| {
            let view = TensorView::new(one.dtype, one.shape.clone(), &one.bytes).unwrap();
            (one.name.as_str(), view)
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        Memory::from_tensors(&tensors, "m.", channels)
    }

    #[test]
    fn a_memory_is_read_as_it_was_written() {
        for memory in memories() {
            let again = read(&memory.to_tensors("m."), memory.channels());
            let again = again.unwrap().unwrap();
            assert_eq!(again.fingerprint(), memory.fingerprint());
            assert_eq!(again.count(), memory.count());
        }
        let other = memories()[0].to_tensors("other.");
        assert!(read(&other, 4).unwrap().is_none());
    }

    #[test]
    fn whatever_is_wrong_is_said_and_nothing_panics() {
        let [plain, whitened, gaussians] = memories().map(|memory| memory.to_tensors("m."));
        let with = |tensors: &[Stored], name: &str, shape: &[usize], values: &[f32]| {
            let channels = tensors[0].shape[1];
            let mut tensors = tensors.to_vec();
            tensors.retain(|one| one.name != format!("m.{name}"));
            if !shape.is_empty() {
                tensors.push(single("m.", name, shape.to_vec(), values));
            }
            read(&tensors, channels).unwrap_err()
        };
        let cases = [
            (with(&plain, "unit", &[], &[]), "'m.unit' is missing"),
            (with(&plain, "unit", &[1], &[0.0]), "not above 0"),
            (with(&plain, "unit", &[1], &[f32::NAN]), "NaN or infinite"),
            (with(&plain, "unit", &[2], &[1.0; 2]), "has shape [2]"),
            (
                with(&plain, "patches", &[24, 1], &[1.0; 24]),
                "is F32, not F16",
            ),
            (
                with(&gaussians, "factors", &[], &[]),
                "'m.factors' is missing",
            ),
            (with(&gaussians, "factors", &[1], &[1.0]), "is F32, not F16"),
            (with(&whitened, "mean", &[], &[]), "'m.mean' is missing"),
            (with(&whitened, "mean", &[2], &[1.0; 2]), "has shape [2]"),
            (
                with(&whitened, "whitening", &[9], &[1.0; 9]),
                "has shape [9]",
            ),
        ];
        for (complaint, expected) in cases {
            assert!(complaint.contains(expected), "{complaint}");
        }
        let mut tensors = gaussians.clone();
        tensors[1].shape = vec![tensors[1].shape.iter().product()];
        assert!(
            read(&tensors, 3)
                .unwrap_err()
                .contains("'m.factors' has shape")
        );
        let other = read(&plain, 3).unwrap_err();
        assert!(other.contains("'m.patches' has shape [6, 4]"), "{other}");
        for shape in [vec![24], vec![0, 4], vec![24, 0], vec![1, 4, 6]] {
            let mut tensors = plain.clone();
            let count: usize = shape.iter().product();
            tensors[0].bytes.truncate(2 * count);
            tensors[0].shape = shape;
            assert!(read(&tensors, 4).unwrap_err().contains("has shape"));
        }
    }
}
