//! Writes small JPEGs of every layout (ITU-T T.81), for tests to read and to damage.

use kizumi_image::jpeg::USUAL_HUFFMAN;

/// The step of every coefficient.
const STEP: i32 = 4;

/// A JPEG to be written.
#[derive(Clone)]
pub struct Layout {
    /// Width and height in pixels.
    pub size_px: (usize, usize),
    /// By component: horizontal and vertical sampling factor.
    pub sampling: Vec<(usize, usize)>,
    /// Whether the frame is progressive.
    pub progressive: bool,
    /// In their order.
    pub scans: Vec<Scan>,
    /// MCUs between restart markers; 0 for none.
    pub restart_interval: usize,
    /// Whether the Huffman tables, the usual ones, are in the file.
    pub tables: bool,
}

/// What one scan brings.
#[derive(Clone)]
pub struct Scan {
    /// Which components.
    pub components: Vec<usize>,
    /// First and last coefficient.
    pub band: (usize, usize),
    /// Lowest bit before and after it.
    pub bits: (u8, u8),
}

impl Scan {
    /// All coefficients of some components.
    pub fn whole(components: &[usize]) -> Self {
        Self::band(components, (0, 63), (0, 0))
    }

    /// Some coefficients.
    pub fn band(components: &[usize], band: (usize, usize), bits: (u8, u8)) -> Self {
        let components = components.to_vec();
        Self {
            components,
            band,
            bits,
        }
    }
}

impl Layout {
    /// Three components of one size in one sequential scan.
    pub fn plain(width: usize, height: usize) -> Self {
        Self {
            size_px: (width, height),
            sampling: vec![(1, 1); 3],
            progressive: false,
            scans: vec![Scan::whole(&[0, 1, 2])],
            restart_interval: 0,
            tables: true,
        }
    }

    /// The file. `sample` gives a component's value at a place, whose coordinates are 0 to 1.
    pub fn write(&self, sample: impl Fn(usize, f32, f32) -> f32) -> Vec<u8> {
        let (width, height) = self.size_px;
        let max = |side: fn(&(usize, usize)) -> usize| self.sampling.iter().map(side).max();
        let (h_max, v_max) = (max(|s| s.0).unwrap_or(1), max(|s| s.1).unwrap_or(1));
        let mcus = (width.div_ceil(8 * h_max), height.div_ceil(8 * v_max));
        let mut file = vec![0xFF, 0xD8];
        let steps = [&[0][..], &[STEP as u8; 64]].concat();
        segment(&mut file, 0xDB, &steps);
        let mut frame = vec![8];
        frame.extend((height as u16).to_be_bytes());
        frame.extend((width as u16).to_be_bytes());
        frame.push(self.sampling.len() as u8);
        for (id, &(h, v)) in (1..).zip(&self.sampling) {
            frame.extend([id, (h << 4 | v) as u8, 0]);
        }
        segment(
            &mut file,
            if self.progressive { 0xC2 } else { 0xC0 },
            &frame,
        );
        if self.tables {
            segment(&mut file, 0xC4, &USUAL_HUFFMAN);
        }
        let interval = (self.restart_interval as u16).to_be_bytes();
        segment(&mut file, 0xDD, &interval);
        let planes: Vec<Vec<[i32; 64]>> = (0..self.sampling.len())
            .map(|component| {
                let (h, v) = self.sampling[component];
                let (wide, high) = (mcus.0 * h, mcus.1 * v);
                let blocks = (0..wide * high).map(|block| {
                    let place = |index: usize, size: usize, factor: usize, max: usize| {
                        ((index as f32 + 0.5) * max as f32 / (factor * size) as f32).min(1.0)
                    };
                    transform(|x, y| {
                        let x = place(block % wide * 8 + x, width, h, h_max);
                        let y = place(block / wide * 8 + y, height, v, v_max);
                        sample(component, x, y)
                    })
                });
                blocks.collect()
            })
            .collect();
        for scan in &self.scans {
            let mut header = vec![scan.components.len() as u8];
            for &component in &scan.components {
                header.extend([component as u8 + 1, 0]);
            }
            let (high, low) = scan.bits;
            header.extend([scan.band.0 as u8, scan.band.1 as u8, high << 4 | low]);
            segment(&mut file, 0xDA, &header);
            self.write_scan(&mut file, scan, &planes, mcus, (h_max, v_max));
        }
        file.extend([0xFF, 0xD9]);
        file
    }

    fn write_scan(
        &self,
        file: &mut Vec<u8>,
        scan: &Scan,
        planes: &[Vec<[i32; 64]>],
        mcus: (usize, usize),
        (h_max, v_max): (usize, usize),
    ) {
        let single = scan.components.len() == 1;
        let (h, v) = self.sampling[scan.components[0]];
        let (wide, high) = if single {
            let (width, height) = self.size_px;
            (
                (width * h).div_ceil(8 * h_max),
                (height * v).div_ceil(8 * v_max),
            )
        } else {
            mcus
        };
        let mut bits = BitWriter::default();
        let mut before = [0; 4];
        for mcu in 0..wide * high {
            if self.restart_interval > 0 && mcu > 0 && mcu % self.restart_interval == 0 {
                bits.end(file);
                file.extend([0xFF, 0xD0 + (mcu / self.restart_interval - 1) as u8 % 8]);
                before = [0; 4];
            }
            for &component in &scan.components {
                let (h, v) = if single {
                    (1, 1)
                } else {
                    self.sampling[component]
                };
                for (y, x) in (0..v).flat_map(|y| (0..h).map(move |x| (y, x))) {
                    let stride = mcus.0 * self.sampling[component].0;
                    let (column, row) = (mcu % wide * h + x, mcu / wide * v + y);
                    let block = &planes[component][row * stride + column];
                    scan.write_block(&mut bits, block, &mut before[component]);
                }
            }
        }
        bits.end(file);
    }
}

impl Scan {
    fn write_block(&self, bits: &mut BitWriter, block: &[i32; 64], before: &mut i32) {
        let ((first, last), (high, low)) = (self.band, self.bits);
        if first == 0 && high == 0 {
            let dc = block[0] >> low;
            bits.symbol_and_number(0x00, 0, dc - *before);
            *before = dc;
        } else if first == 0 {
            bits.push(1, (block[0] >> low & 1) as u32);
        }
        // Refined coefficients bring a bit behind the next code.
        let mut refined = Vec::new();
        let mut zeros = 0;
        let band = first.max(1)..=last;
        let shifted = |k: usize| block[k].signum() * (block[k].abs() >> low);
        let last_new = band.clone().rfind(|&k| match high {
            0 => shifted(k) != 0,
            _ => shifted(k).abs() == 1,
        });
        for k in band.clone() {
            let value = shifted(k);
            if value == 0 {
                zeros += 1;
                continue;
            }
            while zeros > 15 && Some(k) <= last_new {
                bits.symbol(0x10, 0xF0);
                bits.push_all(&mut refined);
                zeros -= 16;
            }
            if high > 0 && value.abs() > 1 {
                refined.push((value.abs() & 1) as u32);
                continue;
            }
            bits.symbol_and_number(0x10, zeros << 4, value);
            bits.push_all(&mut refined);
            zeros = 0;
        }
        if !band.is_empty() && (zeros > 0 || !refined.is_empty()) {
            bits.symbol(0x10, 0x00);
            bits.push_all(&mut refined);
        }
    }
}

fn segment(file: &mut Vec<u8>, code: u8, content: &[u8]) {
    file.extend([0xFF, code]);
    file.extend((content.len() as u16 + 2).to_be_bytes());
    file.extend(content);
}

/// The quantised coefficients of a block in zigzag order (T.81, A.3.3 and A.3.6).
fn transform(sample: impl Fn(usize, usize) -> f32) -> [i32; 64] {
    use std::f32::consts::{FRAC_1_SQRT_2, PI};
    let wave = |u: usize, x: usize| {
        let scale = if u == 0 { FRAC_1_SQRT_2 } else { 1.0 };
        scale * ((2 * x + 1) as f32 * u as f32 * PI / 16.0).cos()
    };
    // Along diagonals, every second one the other way round.
    let mut order: Vec<(usize, usize)> = (0..64).map(|k| (k % 8, k / 8)).collect();
    order.sort_by_key(|&(u, v)| (u + v, if (u + v) % 2 == 0 { u } else { v }));
    let mut block = [0; 64];
    for (value, (u, v)) in block.iter_mut().zip(order) {
        let mut sum = 0.0;
        for (x, y) in (0..64).map(|k| (k % 8, k / 8)) {
            sum += (sample(x, y) - 128.0) * wave(u, x) * wave(v, y);
        }
        *value = (sum / 4.0 / STEP as f32).round() as i32;
    }
    block
}

#[derive(Default)]
struct BitWriter {
    bits: Vec<bool>,
}

impl BitWriter {
    fn push(&mut self, count: u32, number: u32) {
        self.bits
            .extend((0..count).rev().map(|bit| number >> bit & 1 == 1));
    }

    fn push_all(&mut self, bits: &mut Vec<u32>) {
        for bit in bits.drain(..) {
            self.push(1, bit);
        }
    }

    /// The code of a symbol by the usual table of a class, 0 or 0x10, for the first component.
    fn symbol(&mut self, class: u8, symbol: u8) {
        let table = if class == 0 {
            &USUAL_HUFFMAN[1..]
        } else {
            &USUAL_HUFFMAN[30..]
        };
        let (mut code, mut index) = (0, 16);
        for (&count, length) in table[..16].iter().zip(1..) {
            code <<= 1;
            for _ in 0..count {
                if table[index] == symbol {
                    return self.push(length, code);
                }
                code += 1;
                index += 1;
            }
        }
        panic!("no code for {symbol:#04x}");
    }

    fn symbol_and_number(&mut self, class: u8, zeros: u8, number: i32) {
        let size = 32 - number.unsigned_abs().leading_zeros();
        self.symbol(class, zeros | size as u8);
        let number = if number < 0 { number - 1 } else { number };
        self.push(size, number as u32 & ((1 << size) - 1));
    }

    /// Fills the last byte with ones and writes it all, escaped.
    fn end(&mut self, file: &mut Vec<u8>) {
        for byte in self.bits.chunks(8) {
            let bits = (0..8).map(|bit| *byte.get(bit).unwrap_or(&true));
            let byte = bits.fold(0, |byte, bit| byte << 1 | u8::from(bit));
            file.push(byte);
            if byte == 0xFF {
                file.push(0);
            }
        }
        self.bits.clear();
    }
}
