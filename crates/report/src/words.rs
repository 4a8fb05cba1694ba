//! A table of words in both languages.

/// A struct of words and its values `ENGLISH` and `JAPANESE`, from a table that has each word in
/// both languages beside each other; a word that lacks one does not compile.
///
/// A row is `name = english, japanese;`. A word is a `&'static str` unless the row gives another
/// type, `name: type = english, japanese;`: a function of what the sentence speaks of, for example.
#[macro_export]
macro_rules! words {
    (@) => { &'static str };
    (@ $type:ty) => { $type };
    (
        $(#[$about:meta])*
        pub struct $Words:ident;
        $($(#[$doc:meta])* $word:ident $(: $type:ty)? = $english:expr, $japanese:expr;)*
    ) => {
        $(#[$about])*
        #[allow(missing_docs)] // Names and values say what each word is for.
        pub struct $Words {
            $($(#[$doc])* pub $word: $crate::words!(@ $($type)?),)*
        }

        /// English.
        pub static ENGLISH: $Words = $Words { $($word: $english,)* };

        /// Japanese.
        pub static JAPANESE: $Words = $Words { $($word: $japanese,)* };

        /// Name, English and Japanese of each word as they stand in the source.
        #[cfg(test)]
        #[allow(dead_code)] // Reports' words are not looked at.
        pub const SOURCES: &[[&str; 3]] =
            &[$([stringify!($word), stringify!($english), stringify!($japanese)]),*];
    };
}
