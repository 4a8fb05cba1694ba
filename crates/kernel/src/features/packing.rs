//! From the file's weights to those of the kernels, forward and back.

use super::super::isa::Isa;
use super::super::real::Real;
use super::filter::Filter;
use super::product::Product;
use super::stage::Stage;
use super::trunk::{Block, Trunk};
use super::weights::{self, Convolution, DEVIATION, FIRST_STRIDE, Lite0};

/// The network for an instruction set.
pub(super) fn pack<T: Real>(network: Lite0<T>, isa: Isa) -> Trunk<T> {
    let first = &network.first;
    let mut stride = FIRST_STRIDE;
    let block = |block: weights::Block<T>| {
        let before = stride;
        stride *= block.stride;
        pack_block(first, block, [before, stride])
    };
    let blocks = network.blocks.into_iter().map(block).collect();
    Trunk::new(blocks, pixels(first), isa)
}

fn pack_block<T: Real>(
    first: &Convolution<T>,
    block: weights::Block<T>,
    strides: [usize; 2],
) -> Block<T> {
    let skip = block.has_skip();
    let weights::Block {
        expand,
        depthwise,
        stride,
        project,
    } = block;
    let (channels, kernel) = (depthwise.shape[0], depthwise.shape[1]);
    let expand_back =
        |expand: &Convolution<T>| Product::transposed(expand.shape[1], &expand.weight);
    Block {
        skip,
        strides,
        back: Stage {
            first: Product::transposed(channels, &project.weight),
            filter: Filter::transposed(kernel, stride, &depthwise.weight),
            last: expand.as_ref().map(expand_back),
        },
        forward: Stage {
            first: match expand {
                Some(expand) => Product::pointwise(expand.shape[1], &expand.weight, expand.bias),
                None => first_product(first),
            },
            filter: Filter::new(kernel, stride, &depthwise.weight, depthwise.bias),
            last: Some(Product::pointwise(channels, &project.weight, project.bias)),
        },
    }
}

/// The first convolution: three runs of three pixels with three channels.
fn first_product<T: Real>(first: &Convolution<T>) -> Product<T> {
    let size = (first.shape[0], 3, 9);
    Product::new(size, first.bias.clone(), |output, row, i| {
        let (column, channel) = (i / 3, i % 3);
        first.weight[((output * 3 + channel) * 3 + row) * 3 + column]
    })
}

/// Its transpose, for 2 x 2 pixels at once; see [`Trunk::pixels`].
fn pixels<T: Real>(first: &Convolution<T>) -> Product<T> {
    // An even pixel was read as tap 2 by the place before it and as tap 0 by its own, an odd one as tap 1.
    let tap = |phase: usize, place: usize| match (phase, place) {
        (0, 0) => Some(2),
        (0, 1) => Some(0),
        (1, 1) => Some(1),
        _ => None,
    };
    let inputs = first.shape[0];
    let scale = T::from_f64(1.0 / DEVIATION);
    Product::new((12, 2, 2 * inputs), Vec::new(), |output, place, i| {
        let (channel, input) = (output % 3, i % inputs);
        let (row, column) = (tap(output / 6, place), tap(output / 3 % 2, i / inputs));
        row.zip(column).map_or(T::ZERO, |(row, column)| {
            first.weight[((input * 3 + channel) * 3 + row) * 3 + column] * scale
        })
    })
}
