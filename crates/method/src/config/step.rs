//! How an iterate follows from the one before (method: "Formulas").

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What each pixel's part of a step is multiplied by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Gate {
    /// Nothing.
    None,
    /// `(x - f(x))^2`: what is reconstructed well stays. The paper's.
    #[default]
    Residual,
    /// How far the features of x_0 are from normal: see [`crate::gate::feature_gate`].
    Features,
    /// Both, multiplied.
    Both,
}

impl Gate {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::None, Self::Residual, Self::Features, Self::Both];

    /// Whether the residual is part of it.
    pub fn of_residual(self) -> bool {
        matches!(self, Self::Residual | Self::Both)
    }

    /// Whether the features of x_0 are part of it.
    pub fn of_features(self) -> bool {
        matches!(self, Self::Features | Self::Both)
    }
}

/// The step `x - alpha * grad E * gate`. In files and on the command line it has one name, such as
/// "weighted", which is the paper's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StepRule {
    /// Whether the gradient goes through f. If not, f(x) is held fixed, as if the network did not answer
    /// to a change: with squared errors, alpha 0.5, no gate and lambda 0 the next iterate is f(x). For an
    /// autoencoder that learned to restore, f(x) - x points to where images are likelier (Alain and
    /// Bengio 2014).
    pub through: bool,
    /// What the step is multiplied by.
    pub gate: Gate,
}

impl StepRule {
    /// `x - alpha * grad E * (x - f(x))^2`.
    pub const WEIGHTED: Self = Self::new(true, Gate::Residual);
    /// `x - alpha * grad E`.
    pub const PLAIN: Self = Self::new(true, Gate::None);
    /// `x - alpha * grad E` with f(x) held fixed.
    pub const HELD: Self = Self::new(false, Gate::None);
    /// `x - alpha * grad E * gate` with f(x) held fixed, gated by the features of x_0.
    pub const HELD_FEATURES: Self = Self::new(false, Gate::Features);

    /// Those that need no features.
    pub const WITHOUT_FEATURES: [Self; 3] = [Self::WEIGHTED, Self::PLAIN, Self::HELD];

    /// The names of all rules, as files and the command line have them.
    pub const NAMES: [&'static str; 8] = [
        "weighted",
        "plain",
        "held",
        "features",
        "both",
        "held-weighted",
        "held-features",
        "held-both",
    ];

    /// In the order of the names.
    const ALL: [Self; 8] = [
        Self::WEIGHTED,
        Self::PLAIN,
        Self::HELD,
        Self::new(true, Gate::Features),
        Self::new(true, Gate::Both),
        Self::new(false, Gate::Residual),
        Self::HELD_FEATURES,
        Self::new(false, Gate::Both),
    ];

    const fn new(through: bool, gate: Gate) -> Self {
        Self { through, gate }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        let mut all = Self::ALL.into_iter().zip(Self::NAMES);
        let own = all.find(|(rule, _)| *rule == self);
        own.map_or(Self::NAMES[0], |(_, name)| name)
    }
}

impl Default for StepRule {
    fn default() -> Self {
        Self::WEIGHTED
    }
}

impl Serialize for StepRule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for StepRule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let mut all = Self::ALL.into_iter().zip(Self::NAMES);
        let own = all.find(|(_, known)| *known == name);
        own.map(|(rule, _)| rule)
            .ok_or_else(|| D::Error::unknown_variant(&name, &Self::NAMES))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own_that_leads_back_to_it() {
        for through in [true, false] {
            for gate in Gate::ALL {
                let rule = StepRule { through, gate };
                assert!(StepRule::ALL.contains(&rule), "{rule:?}");
                let text = serde_json::to_string(&rule).unwrap();
                assert_eq!(serde_json::from_str::<StepRule>(&text).unwrap(), rule);
            }
        }
        // As files have had them from the beginning.
        for (name, rule) in [
            ("weighted", StepRule::WEIGHTED),
            ("plain", StepRule::PLAIN),
            ("held", StepRule::HELD),
        ] {
            assert_eq!(rule.name(), name);
        }
        assert!(serde_json::from_str::<StepRule>("\"gated\"").is_err());
    }
}
