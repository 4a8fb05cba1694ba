//! The network's file: `assets/features/efficientnet-lite0.safetensors`, whose names and shapes
//! `assets/features/export.py` describes.

use safetensors::{Dtype, SafeTensors};

use super::super::real::Real;

/// A picture's values enter the network as `(x - MEAN) / DEVIATION`.
pub const MEAN: f64 = 0.498;
/// See [`MEAN`].
pub const DEVIATION: f64 = 0.502;
/// Stride of the first convolution.
pub const FIRST_STRIDE: usize = 2;
/// The block whose output is the last at stride 8.
pub const LAST_OF_8: usize = 4;

const LITE0: &[u8] = include_bytes!("../../../../assets/features/efficientnet-lite0.safetensors");
const BLOCKS: usize = 11;
/// Blocks that halve the grid.
const STRIDED: [usize; 3] = [1, 3, 5];

/// A convolution with its batch norm folded in.
///
/// Padding is TensorFlow's SAME for even sides: `kernel - stride` zeros in all, the odd one after the picture. At
/// stride 2 it is not symmetric: none before and one after for a kernel of 3, one and two for one of 5.
#[derive(Clone, Debug)]
pub struct Convolution<T> {
    /// `[outputs, inputs]`, `[channels, kernel, kernel]` of a depthwise one, `[outputs, 3, 3, 3]` of the first one.
    pub shape: Vec<usize>,
    /// Row-major.
    pub weight: Vec<T>,
    /// `[outputs]`.
    pub bias: Vec<T>,
}

/// An inverted residual block (Sandler et al. 2018, arXiv 1801.04381) without squeeze and excitation.
#[derive(Clone, Debug)]
pub struct Block<T> {
    /// 1 x 1, then ReLU6.
    pub expand: Option<Convolution<T>>,
    /// Each channel by itself, then ReLU6.
    pub depthwise: Convolution<T>,
    /// Of `depthwise`.
    pub stride: usize,
    /// 1 x 1.
    pub project: Convolution<T>,
}

/// EfficientNet-Lite0 up to stride 16.
#[derive(Clone, Debug)]
pub struct Lite0<T> {
    /// The first convolution, 3 x 3 at [`FIRST_STRIDE`], then ReLU6.
    pub first: Convolution<T>,
    /// What follows, in order.
    pub blocks: Vec<Block<T>>,
}

impl<T: Real> Block<T> {
    /// Whether it adds to its input: where that has the shape of its output.
    pub fn has_skip(&self) -> bool {
        let expand = self.expand.as_ref();
        let inputs = expand.unwrap_or(&self.depthwise).shape[usize::from(expand.is_some())];
        self.stride == 1 && inputs == self.project.shape[0]
    }
}

impl<T: Real> Lite0<T> {
    /// As the program carries it.
    pub fn read() -> Self {
        let file = SafeTensors::deserialize(LITE0).expect("the program carries a whole file");
        let block = |number: usize| {
            let read = |part: &str| read(&file, &format!("blocks.{number}.{part}"));
            Block {
                expand: (number > 0).then(|| read("expand")),
                depthwise: read("depthwise"),
                stride: if STRIDED.contains(&number) { 2 } else { 1 },
                project: read("project"),
            }
        };
        Self {
            first: read(&file, "stem"),
            blocks: (0..BLOCKS).map(block).collect(),
        }
    }
}

fn read<T: Real>(file: &SafeTensors<'_>, name: &str) -> Convolution<T> {
    let tensor = |part: &str| tensor(file, &format!("{name}.{part}"));
    let (shape, weight) = tensor("weight");
    Convolution {
        shape,
        weight,
        bias: tensor("bias").1,
    }
}

fn tensor<T: Real>(file: &SafeTensors<'_>, name: &str) -> (Vec<usize>, Vec<T>) {
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
