//! The network's file: `assets/features/efficientnet-lite0.safetensors`, whose names and shapes
//! `assets/features/export.py` describes.

use safetensors::{Dtype, SafeTensors};

use super::super::isa::Isa;
use super::super::real::Real;
use super::filter::Filter;
use super::pass::DEVIATION;
use super::product::Product;
use super::stage::Stage;
use super::trunk::{Block, Trunk};

const LITE0: &[u8] = include_bytes!("../../../../assets/features/efficientnet-lite0.safetensors");
const BLOCKS: usize = 11;
/// Blocks that halve the grid.
const STRIDED: [usize; 3] = [1, 3, 5];
/// Stride of the first convolution.
const FIRST_STRIDE: usize = 2;

/// A convolution as the file has it.
struct Convolution<T> {
    shape: Vec<usize>,
    weight: Vec<T>,
    bias: Vec<T>,
}

/// EfficientNet-Lite0 up to stride 16.
pub(super) fn lite0<T: Real>(isa: Isa) -> Trunk<T> {
    let file = SafeTensors::deserialize(LITE0).expect("the program carries a whole file");
    let stem = read(&file, "stem");
    let mut stride = FIRST_STRIDE;
    let block = |number: usize| {
        let before = stride;
        stride *= if STRIDED.contains(&number) { 2 } else { 1 };
        let read = |part: &str| read(&file, &format!("blocks.{number}.{part}"));
        let expand = (number > 0).then(|| read("expand"));
        block(
            &stem,
            expand,
            read("depthwise"),
            read("project"),
            [before, stride],
        )
    };
    let blocks = (0..BLOCKS).map(block).collect();
    Trunk::new(blocks, pixels(&stem), isa)
}

fn block<T: Real>(
    stem: &Convolution<T>,
    expand: Option<Convolution<T>>,
    depthwise: Convolution<T>,
    project: Convolution<T>,
    strides: [usize; 2],
) -> Block<T> {
    let (kernel, stride) = (depthwise.shape[1], strides[1] / strides[0]);
    let channels = depthwise.shape[0];
    let skip = |expand: &Convolution<T>| stride == 1 && expand.shape[1] == project.shape[0];
    Block {
        skip: expand.as_ref().is_some_and(skip),
        strides,
        back: Stage {
            first: Product::transposed(channels, &project.weight),
            filter: Filter::transposed(kernel, stride, &depthwise.weight),
            last: expand
                .as_ref()
                .map(|expand| Product::transposed(expand.shape[1], &expand.weight)),
        },
        forward: Stage {
            first: match expand {
                Some(expand) => Product::pointwise(expand.shape[1], &expand.weight, expand.bias),
                None => first(stem),
            },
            filter: Filter::new(kernel, stride, &depthwise.weight, depthwise.bias),
            last: Some(Product::pointwise(channels, &project.weight, project.bias)),
        },
    }
}

/// The network's first convolution, 3 x 3 at stride 2: three runs of three pixels with three channels.
fn first<T: Real>(stem: &Convolution<T>) -> Product<T> {
    let size = (stem.shape[0], 3, 9);
    Product::new(size, stem.bias.clone(), |output, row, i| {
        let (column, channel) = (i / 3, i % 3);
        stem.weight[((output * 3 + channel) * 3 + row) * 3 + column]
    })
}

/// Its transpose, for 2 x 2 pixels at once; see [`Trunk::pixels`].
fn pixels<T: Real>(stem: &Convolution<T>) -> Product<T> {
    // An even pixel was read as tap 2 by the place before it and as tap 0 by its own, an odd one as tap 1.
    let tap = |phase: usize, place: usize| match (phase, place) {
        (0, 0) => Some(2),
        (0, 1) => Some(0),
        (1, 1) => Some(1),
        _ => None,
    };
    let inputs = stem.shape[0];
    let scale = T::from_f64(1.0 / DEVIATION);
    Product::new((12, 2, 2 * inputs), Vec::new(), |output, place, i| {
        let (channel, input) = (output % 3, i % inputs);
        let (row, column) = (tap(output / 6, place), tap(output / 3 % 2, i / inputs));
        row.zip(column).map_or(T::ZERO, |(row, column)| {
            stem.weight[((input * 3 + channel) * 3 + row) * 3 + column] * scale
        })
    })
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
