//! Random numbers that depend on nothing but a seed, a purpose and a counter, so that training
//! can go on anywhere and every part draws the same whatever the others do.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// A generator for one purpose; each `counter` gives an independent stream.
pub fn rng(seed: u64, purpose: &str, counter: u64) -> ChaCha8Rng {
    let key = blake3::derive_key(purpose, &seed.to_le_bytes());
    let mut rng = ChaCha8Rng::from_seed(key);
    rng.set_stream(counter);
    rng
}

#[cfg(test)]
mod tests {
    use rand::Rng;

    use super::*;

    #[test]
    fn every_part_of_the_address_matters() {
        let draw = |seed, purpose, counter| rng(seed, purpose, counter).next_u64();
        let first = draw(1, "shuffle", 0);
        assert_eq!(first, draw(1, "shuffle", 0));
        assert_ne!(first, draw(2, "shuffle", 0));
        assert_ne!(first, draw(1, "augment", 0));
        assert_ne!(first, draw(1, "shuffle", 1));
    }
}
