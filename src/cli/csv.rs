//! How tables are written for spreadsheets.

use clap::Args;

use crate::language::Language;
use kizumi_report::Bom;

/// Whether tables begin with a byte order mark.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct CsvOptions {
    /// Begin CSV tables with a byte order mark, by which Excel knows UTF-8 [default: where the locale
    /// (LC_ALL, LC_CTYPE, LANG) is Japanese]
    #[arg(long, overrides_with = "no_csv_bom")]
    csv_bom: bool,
    /// Begin them without one
    #[arg(long, overrides_with = "csv_bom")]
    no_csv_bom: bool,
}

impl CsvOptions {
    /// What was asked for, else what is usual where the program runs.
    pub fn bom(self) -> Bom {
        self.bom_for(Language::of_files())
    }

    fn bom_for(self, language: Language) -> Bom {
        match language {
            _ if self.no_csv_bom => Bom::Without,
            _ if self.csv_bom => Bom::With,
            language => language.bom(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_have_a_mark_on_request_and_where_people_read_japanese() {
        let options = |csv_bom, no_csv_bom| CsvOptions {
            csv_bom,
            no_csv_bom,
        };
        for (options, english, japanese) in [
            (options(false, false), Bom::Without, Bom::With),
            (options(true, false), Bom::With, Bom::With),
            (options(false, true), Bom::Without, Bom::Without),
        ] {
            assert_eq!(options.bom_for(Language::English), english);
            assert_eq!(options.bom_for(Language::Japanese), japanese);
        }
    }
}
