//! The network's file: `assets/features/efficientnet-lite0.safetensors`, whose names and shapes
//! `assets/features/export.py` describes.

use safetensors::{Dtype, SafeTensors};

use super::super::real::Real;
use super::layers::{Depthwise, Pointwise, Stem};
use super::trunk::{Block, Trunk};

const LITE0: &[u8] = include_bytes!("../../../../assets/features/efficientnet-lite0.safetensors");
const BLOCKS: usize = 11;
/// Blocks that halve the grid.
const STRIDED: [usize; 3] = [1, 3, 5];

/// A tensor's shape and values.
type Tensor<T> = (Vec<usize>, Vec<T>);

/// EfficientNet-Lite0 up to stride 16.
pub(super) fn lite0<T: Real>() -> Trunk<T> {
    let file = SafeTensors::deserialize(LITE0).expect("the program carries a whole file");
    let stem = Stem::new(&read(&file, "stem.weight"), read(&file, "stem.bias").1);
    let block = |number: usize| {
        let tensor = |part: &str| read(&file, &format!("blocks.{number}.{part}"));
        let pointwise = |part: &str| {
            Pointwise::new(
                &tensor(&format!("{part}.weight")),
                tensor(&format!("{part}.bias")).1,
            )
        };
        let stride = if STRIDED.contains(&number) { 2 } else { 1 };
        let (filters, bias) = (tensor("depthwise.weight"), tensor("depthwise.bias").1);
        Block {
            expand: (number > 0).then(|| pointwise("expand")),
            depthwise: Depthwise::new(&filters, bias, stride),
            project: pointwise("project"),
        }
    };
    Trunk {
        stem,
        blocks: (0..BLOCKS).map(block).collect(),
    }
}

fn read<T: Real>(file: &SafeTensors<'_>, name: &str) -> Tensor<T> {
    let tensor = file.tensor(name).expect("the file has all tensors");
    let data = tensor.data();
    let number = |value: f32| T::from_f64(value.into());
    let values = match tensor.dtype() {
        Dtype::F16 => {
            let (halves, _) = data.as_chunks();
            let halves = halves.iter().map(|bytes| half::f16::from_le_bytes(*bytes));
            halves.map(|half| number(half.to_f32())).collect()
        }
        _ => {
            let (singles, _) = data.as_chunks();
            let singles = singles.iter().map(|bytes| f32::from_le_bytes(*bytes));
            singles.map(number).collect()
        }
    };
    (tensor.shape().to_vec(), values)
}
