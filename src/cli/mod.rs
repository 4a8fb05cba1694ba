//! The command line: the same steppers as the window, driven to the end.
//!
//! One file for each subcommand. Results go to stdout, everything else to stderr; the exit status
//! is 0, 1 (failed) or 2 (usage).

mod bench;
mod benchmark;
mod calibrate;
mod check;
mod column;
mod csv;
mod data;
mod dataset;
mod demo;
mod devices;
mod duration;
mod evaluate;
mod evaluation_folder;
mod evaluation_table;
mod excluding;
mod healing;
mod in_order;
mod inpaint;
mod inspect;
mod inspecting;
mod interrupt;
mod labels;
mod locate;
mod measuring;
mod model;
mod model_file;
mod options;
mod out_lock;
mod output;
mod peers;
mod pictures;
mod progress;
mod recalibrating;
mod result_folder;
mod roles;
mod said;
mod sample_data;
mod set_folder;
mod shard;
mod targets;
mod train;
mod training;
mod tune;
mod tuning_table;
mod usage;
mod watch;
mod writing;

use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgAction, Args, CommandFactory, Parser, Subcommand};

use crate::language::Language;
use crate::logging::Verbosity;
use crate::text::Worded;
use kizumi_image::setting::InvalidSetting;
use kizumi_image::shown::acts;
use kizumi_method::config::DeviceChoice;

pub use progress::beside as beside_progress;
pub use said::language;
use said::said;

/// Learn what normal looks like, project a test image onto it, see what moves.
///
/// Without a subcommand the window opens.
#[derive(Debug, Parser)]
#[command(name = "kizumi", version)]
pub struct Arguments {
    /// What to do; without it the window opens.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// What the window opens with.
    #[command(flatten)]
    pub window: WindowOptions,
    /// How much is said, and in which language.
    #[command(flatten)]
    pub output: OutputOptions,
}

impl Arguments {
    /// Reads the command line; ends the program when it makes no sense.
    pub fn of_command_line() -> Self {
        said::speak(said::wanted(std::env::args_os()));
        let arguments = Self::try_parse().unwrap_or_else(|error| exit(&error));
        arguments.check().unwrap_or_else(|error| exit(&error));
        arguments
    }

    /// What the window opens with means nothing to a subcommand.
    fn check(&self) -> Result<(), clap::Error> {
        if self.command.is_none() || self.window == WindowOptions::default() {
            return Ok(());
        }
        let complaint = said!(
            "--data, --model, --image and --device before the subcommand are for the window; write --device behind \
             the subcommand",
            "サブコマンドの前の--data、--model、--image、--deviceはウィンドウ用です。--deviceはサブコマンドの後に\
             書いてください"
        );
        Err(Self::command().error(ErrorKind::ArgumentConflict, complaint))
    }
}

/// Ends the program with what is wrong with the command line. Whatever of it would command the terminal (a
/// shell puts names of files there) is spelled out.
fn exit(error: &clap::Error) -> ! {
    if language() == Language::Japanese && error.use_stderr() {
        usage::in_japanese(error).lines().for_each(output::complain);
        std::process::exit(error.exit_code());
    }
    let mut arguments = std::env::args_os();
    if !arguments.any(|argument| argument.to_string_lossy().contains(acts)) {
        error.exit();
    }
    let text = error.render().to_string();
    text.trim_end().lines().for_each(output::complain);
    std::process::exit(error.exit_code())
}

/// How much is said, and in which language.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct OutputOptions {
    /// Say what is done; twice: details, and what libraries do
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// Say nothing on stderr but errors, and show no progress
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Language of what is said to people, and of reports; tables and JSON have none [default: ja where the locale
    /// (LC_ALL, LC_MESSAGES, LANG) is Japanese, else en]
    #[arg(long, value_name = "LANGUAGE", global = true)]
    pub lang: Option<Language>,
}

impl OutputOptions {
    /// Silences what the options silence. What is left is for the log.
    pub fn apply(self) -> Verbosity {
        output::set_quiet(self.quiet);
        Verbosity::new(self.verbose, self.quiet)
    }
}

/// What the window opens with.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct WindowOptions {
    /// Folder of images to open in the window
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Project to open in the window, as it was left
    #[arg(long, value_name = "FILE", conflicts_with_all = ["data", "model"])]
    pub project: Option<PathBuf>,
    /// Model to open in the window
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
    /// Image to open in the window
    #[arg(long, value_name = "FILE")]
    pub image: Option<PathBuf>,
    /// Device that computes: auto, cpu, gpu, gpu:N, gpu:cpu
    #[arg(long, value_name = "DEVICE", default_value = "auto")]
    pub device: DeviceChoice,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Say what of a folder would be used, and what would not
    ///
    /// It is what train, inspect, evaluate and the window use: how the folder is organised, how many images are
    /// what, and every file or folder that is left out, with the reason.
    Data(data::Options),
    /// Learn what normal looks like from a folder of images
    Train(Box<train::Options>),
    /// Project images onto what a model knows as normal; write maps and scores
    Inspect(inspect::Options),
    /// Inspect what comes into a folder, as it comes
    ///
    /// Each image is inspected once it is completely written, and again when it is written anew. The
    /// tables grow by a row each; parts that do not pass are copied. Ended and started again it goes on
    /// where it was. When the scores leave those of the model's normal images, that is said.
    Watch(watch::Options),
    /// Fill a hole in an image with what a model knows as normal there
    ///
    /// The hole starts as noise and alone moves, by steps to f(x) unless options say otherwise. What
    /// fills it has the network's resolution.
    Inpaint(inpaint::Options),
    /// Measure how well a model finds the defects of a labelled data set
    ///
    /// Pixels are those of the image files: maps are enlarged to them, masks never shrunk. AUPRO is
    /// the mean overlap with each connected region of the masks, up to 30 % false positives; AP is
    /// average precision; F1 is the best of all thresholds. Each kind of defect is measured against
    /// all normal test images.
    Evaluate(evaluate::Options),
    /// Choose a model's settings by synthetic defects on its held-out normal images
    ///
    /// Tries step sizes, weights, iterations, step rules, distances and maps on the normal images that were
    /// held out of training, spoilt in known places; no real defect is needed. The settings stay as
    /// they are unless others are better by a clear margin, on defects that they were not chosen by:
    /// by 0.01 at least in the mean of pixel and image AUROC, by two standard errors over the
    /// images, and worse in nothing. Only --out and --adopt write a model.
    Tune(tune::Options),
    /// Measure a model's held-out normal images again, with other settings
    ///
    /// Thresholds, and the levels that maps are measured by, belong to the settings they were made
    /// with. The settings that are given become the model's; the network stays as it is.
    Calibrate(calibrate::Options),
    /// Find training images that look unlike the others
    ///
    /// Each is compared with a memory of the others' features, as if it had been left out; no model and no
    /// training is needed. What is strange somewhere is strange: a defect, a wrong part, another lens.
    Check(check::Options),
    /// List what was said of single images, or write the data set that they make
    ///
    /// Labels are given in the window and kept beside the images. They go before what folders say, for every
    /// subcommand: OK images are learned from, NG images never are.
    Labels(labels::Options),
    /// Say where a model that aligns finds its part in photographs
    ///
    /// What train, inspect, watch, evaluate and the window do before anything else with a model that was trained
    /// with --align: the part's centre, in pixels of the file, how far it is turned, clockwise, and how alike its
    /// edges are to those of normal photographs, at most 1.
    Locate(locate::Options),
    /// Train, inspect and evaluate on the built-in sample data
    Demo(demo::Options),
    /// Write the built-in sample data
    SampleData(sample_data::Options),
    /// List the devices that can compute, and which one would be used
    Devices(devices::Options),
    /// Train every objective on data sets and make the table of what they achieve
    ///
    /// Can be killed and called again: finished runs are kept, and the tables are of all of them.
    Benchmark(benchmark::Options),
    /// Measure the speed of this machine with the paper's network
    Bench(bench::Options),
}

/// Runs a subcommand.
///
/// # Errors
/// [`Usage`] for options that do not make sense, else why it failed.
pub fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Data(options) => data::run(&options),
        Command::Train(options) => train::run(&options),
        Command::Inspect(options) => inspect::run(&options),
        Command::Watch(options) => watch::run(&options),
        Command::Inpaint(options) => inpaint::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Tune(options) => tune::run(&options),
        Command::Calibrate(options) => calibrate::run(&options),
        Command::Check(options) => check::run(&options),
        Command::Labels(options) => labels::run(&options),
        Command::Locate(options) => locate::run(&options),
        Command::Demo(options) => demo::run(&options),
        Command::SampleData(options) => sample_data::run(&options),
        Command::Devices(options) => devices::run(&options),
        Command::Benchmark(options) => benchmark::run(&options),
        Command::Bench(options) => bench::run(&options),
    }
}

/// Says why the program failed, and turns the result into its exit status.
pub fn report(result: &anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else {
        return ExitCode::SUCCESS;
    };
    output::complain(format_args!("kizumi: {}", output::error_line(error)));
    ExitCode::from(if error.is::<Usage>() { 2 } else { 1 })
}

/// An option's value that makes no sense.
#[derive(Debug)]
pub struct Usage(String);

impl From<String> for Usage {
    fn from(complaint: String) -> Self {
        Self(complaint)
    }
}

impl From<InvalidSetting> for Usage {
    fn from(invalid: InvalidSetting) -> Self {
        Self(invalid.said_in(language()))
    }
}

impl fmt::Display for Usage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Usage {}
