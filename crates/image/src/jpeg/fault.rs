//! What can be wrong with the data of a scan.

/// Why the data of a scan cannot be what an encoder wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Bits that are no code of the table.
    Code,
    /// A run of coefficients, or of blocks without any, that goes beyond its end.
    Run,
    /// A coefficient that no pixels give.
    Value,
    /// A marker, or the end of the file, before the last block.
    RanOut,
    /// Bytes behind the last block of the scan or restart interval.
    LeftOver(usize),
    /// Another restart marker than the next one.
    Restart,
}

impl Fault {
    /// In words, for what is damaged near a row of pixels.
    pub fn words(self, row_px: usize, height_px: usize) -> String {
        let what = match self {
            Self::Code => "a code of its data does not exist".into(),
            Self::Run => "a run of its data goes beyond its end".into(),
            Self::Value => "a coefficient is out of range".into(),
            Self::RanOut => "data are missing".into(),
            Self::LeftOver(bytes) => format!("{bytes} bytes of its data belong to no block"),
            Self::Restart => "a restart marker is not in its turn".into(),
        };
        format!("{what}, found at row {row_px} of {height_px}")
    }
}
