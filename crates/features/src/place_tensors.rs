//! Gaussians of places as tensors of a model file, and back.
//!
//! | name | type, shape | what |
//! |---|---|---|
//! | `mean` | F32 `[channels]` | what features are less first |
//! | `axes` | F32 `[channels, 32]` | and multiplied with: principal components |
//! | `means` | F16 `[256, 32]` | of the cells, row after row |
//! | `factors` | F16 `[256, 528]` | inverse Cholesky factors, column by column from the diagonal down |
//! | `weight` | F32 `[3]` | unit of these distances, their share, unit of the distances of all |

use safetensors::tensor::{Dtype, SafeTensors};

use crate::axes::{AXES, Axes};
use crate::places::{CELLS, Places, Weight};
use crate::tensors::{Source, Stored, half, single, triangle};

impl Places {
    /// The tensors that they are kept as; their names begin with `prefix`.
    pub(crate) fn to_tensors(&self, prefix: &str) -> Vec<Stored> {
        let columns = self.factors.chunks_exact(AXES).enumerate();
        let triangles = columns.flat_map(|(i, column)| &column[i % AXES..]);
        let triangles: Vec<f32> = triangles.copied().collect();
        let channels = self.axes.mean.len();
        let Weight {
            unit,
            share,
            joint_unit,
        } = self.weight;
        vec![
            single(prefix, "mean", vec![channels], &self.axes.mean),
            single(prefix, "axes", vec![channels, AXES], &self.axes.weights),
            half(prefix, "means", vec![CELLS, AXES], &self.means),
            half(prefix, "factors", vec![CELLS, triangle(AXES)], &triangles),
            single(prefix, "weight", vec![3], &[unit, share, joint_unit]),
        ]
    }

    /// Those of features of so many channels that were kept with names that begin with `prefix`; `None` if
    /// there are none.
    ///
    /// # Errors
    /// What is wrong with them, in words.
    pub(crate) fn from_tensors(
        tensors: &SafeTensors<'_>,
        prefix: &str,
        channels: usize,
    ) -> Result<Option<Self>, String> {
        let source = Source { tensors, prefix };
        if source.tensor("weight").is_none() {
            // The others are of no use without it.
            return match source.tensor("means").is_some() || source.tensor("factors").is_some() {
                true => Err(source.complaint("weight", "is missing")),
                false => Ok(None),
            };
        }
        let weight = source.values("weight", &[3])?;
        let (unit, share, joint_unit) = (weight[0], weight[1], weight[2]);
        if unit <= 0.0 || joint_unit <= 0.0 || !(0.0..=0.5).contains(&share) {
            return Err(source.complaint("weight", &format!("is {weight:?}")));
        }
        let means = source.numbers("means", Dtype::F16, |shape| shape == [CELLS, AXES])?;
        let shape = [CELLS, triangle(AXES)];
        let triangles = source.numbers("factors", Dtype::F16, |found| found == shape)?;
        let mut factors = vec![0.0; CELLS * AXES * AXES];
        let mut triangles = triangles.into_iter();
        for (i, column) in factors.chunks_exact_mut(AXES).enumerate() {
            let filled = column[i % AXES..].iter_mut();
            filled.zip(&mut triangles).for_each(|(to, from)| *to = from);
        }
        Ok(Some(Self {
            axes: Axes {
                mean: source.values("mean", &[channels])?,
                weights: source.values("axes", &[channels, AXES])?,
            },
            means,
            factors,
            weight: Weight {
                unit,
                share,
                joint_unit,
            },
        }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use safetensors::tensor::TensorView;

    /// Places that are read from a file with one of their tensors changed.
    fn places(change: impl Fn(&mut Vec<Stored>)) -> (Places, Result<Option<Places>, String>) {
        let patches: Vec<f32> = (0..240).map(|i| (i * i % 13) as f32).collect();
        let factor = |at: usize| match at % AXES >= at / AXES % AXES {
            true => (at % 7) as f32 - 2.5,
            false => 0.0,
        };
        let places = Places {
            axes: Axes::of(6, &patches),
            means: (0..CELLS * AXES).map(|at| (at % 5) as f32).collect(),
            factors: (0..CELLS * AXES * AXES).map(factor).collect(),
            weight: Weight {
                unit: 2.0,
                share: 0.25,
                joint_unit: 0.9,
            },
        };
        let mut tensors = places.to_tensors("p.");
        change(&mut tensors);
        let views = tensors.iter().map(|one| {
            let view = TensorView::new(one.dtype, one.shape.clone(), &one.bytes).unwrap();
            (one.name.as_str(), view)
        });
        let bytes = safetensors::serialize(views, None).unwrap();
        let tensors = SafeTensors::deserialize(&bytes).unwrap();
        let read = Places::from_tensors(&tensors, "p.", 6);
        (places, read)
    }

    #[test]
    fn places_are_read_as_they_were_written_and_what_is_wrong_is_said() {
        let (places_before, read) = places(|_| ());
        assert_eq!(read.unwrap().unwrap(), places_before);
        assert!(places(Vec::clear).1.unwrap().is_none());
        let weight = |values: &[f32]| {
            let stored = single("p.", "weight", vec![values.len()], values);
            places(|tensors| tensors[4] = stored.clone()).1.unwrap_err()
        };
        for wrong in [[0.0, 0.2, 1.0], [1.0, 0.2, 0.0], [1.0, 1.5, 1.0]] {
            assert!(weight(&wrong).contains("'p.weight' is ["));
        }
        assert!(weight(&[1.0; 2]).contains("has shape [2]"));
        for (at, name) in ["mean", "axes", "means", "factors"].into_iter().enumerate() {
            let missing = places(|tensors| drop(tensors.remove(at))).1.unwrap_err();
            assert!(
                missing.contains(&format!("'p.{name}' is missing")),
                "{missing}"
            );
        }
    }
}
