//! `kizumi watch`: a folder that images come into.

mod incoming;
mod labels;
mod output;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf, absolute};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context, Result};
use clap::Args;

use super::Usage;
use super::csv::CsvOptions;
use super::duration::parse_duration;
use super::inspect::row_text;
use super::inspecting::{Oddities, Outcome, look_at_each};
use super::interrupt::Interrupt;
use super::model::Model;
use super::options::{DeviceOption, ProjectionOptions, ScaleOption};
use super::output::{count_of, error_line, note, print, print_json_text, say, worded};
use super::pictures::Pictures;
use super::progress::Progress;
use super::said::{fail, language, said};
use crate::drift_line::drift_line;
use crate::tally::{Counts, LastHour};
use crate::text::report_text;
use incoming::{Complete, Incoming};
use kizumi_dataset::catalog::{Entry, Kind, name_below};
use kizumi_dataset::left_out::Reason;
use kizumi_dataset::walk::walk;
use kizumi_image::file_error;
use kizumi_image::shown::{path_text, shown};
use kizumi_image::undone::{Doing as _, Task};
use kizumi_method::decision::Verdict;
use kizumi_method::drift::DriftWatch;
use kizumi_report::watched::{FileState, Watched};
use labels::WatchedLabels;
use output::{Copies, OutputError, WatchedOutput};

/// Between two looks at the folder, at least.
const PAUSE: Duration = Duration::from_secs(1);

/// And so many times as long as the look took: a folder of many files is not looked at all the time.
const REST: u32 = 100;

/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// From one attempt to write where nothing could be written to the next.
const RETRY: Duration = Duration::from_secs(5);

/// Files that are inspected between two looks, at most.
const AT_ONCE: usize = 64;

/// From one summary to the next.
const SUMMARY: Duration = Duration::from_secs(3600);

/// Options of `kizumi watch`.
#[derive(Args, Debug)]
pub struct Options {
    /// Folder that images come into
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Model file [default: that of the results in --out]
    #[arg(long, value_name = "MODEL")]
    model: Option<PathBuf>,
    /// Folder for the results: results.csv, results.jsonl, and copies and pictures of images in folders
    /// named after their verdict. The columns are those of 'kizumi inspect', and bytes, modified (the
    /// file as it was), inspected (when), copy, error (why it could not be used)
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Verdicts whose images are copied: none, or some of pass, review, reject, separated by commas
    #[arg(long, value_name = "LIST", default_value = "reject")]
    copy: Copies,
    /// Pictures to write of what is copied: all, none, or some of heatmap, overlay, projected, strip, map,
    /// separated by commas
    #[arg(long, value_name = "LIST", default_value = "overlay")]
    pictures: Pictures,
    /// How long a file must have stayed as it is to be taken for complete
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = parse_duration)]
    settle: Duration,
    /// End when nothing new is there any more
    #[arg(long)]
    once: bool,
    /// End when stdin ends, too: what another program starts ends with it, however that ends
    #[arg(long)]
    until_stdin_ends: bool,
    #[command(flatten)]
    device: DeviceOption,
    /// Rows on stdout as lines of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    csv: CsvOptions,
    #[command(flatten)]
    scale: ScaleOption,
    #[command(flatten)]
    projection: ProjectionOptions,
}

/// Watches until Ctrl-C, or SIGTERM, or the end of stdin where that is wanted, or with `--once` until all is done.
///
/// # Errors
/// [`Usage`]; a bad model; a folder that is not there at the start; results of something else, or of another
/// run that still goes on, in `--out`; a device that fails. With `--once` a file that cannot be used, too.
/// A disk that is full, or folders that vanish later, are waited for.
pub fn run(options: &Options) -> Result<()> {
    options.projection.validate()?;
    let folder = &options.folder;
    if folder.is_file() {
        let file = shown(folder);
        fail!(
            "{file}: a file, where a folder is to be watched",
            "{file}：ファイルです。監視するフォルダを指定してください"
        );
    }
    fs::read_dir(folder).doing(Task::Read, folder)?;
    let folder = from_anywhere(folder)?;
    if from_anywhere(&options.out)? == folder {
        let folder = shown(&folder);
        let clash = said!(
            "--out is the folder that is watched, {folder}: what is written there would be inspected",
            "--outが監視するフォルダ {folder} と同じです。書き出したものが検査されてしまいます"
        );
        return Err(Usage::from(clash).into());
    }
    let interrupt = Interrupt::listen()?;
    if options.until_stdin_ends {
        interrupt.at_the_end_of_stdin()?;
    }
    let mut incoming = Incoming::new(options.settle);
    let output = WatchedOutput::open(&folder, &options.out, options.csv.bom(), &mut incoming)?;
    let path = match (&options.model, output.model()) {
        (Some(path), _) => from_anywhere(path)?,
        (None, Some(path)) => path,
        (None, None) => {
            let missing = said!(
                "there are no results in --out yet that would name a model: --model is needed",
                "--outにモデルの分かる結果がまだないため、--modelが必要です"
            );
            return Err(Usage::from(missing).into());
        }
    };
    let compute = options.device.open()?;
    let model = Model::load(&path, &compute, &options.projection)?.scaled(&options.scale);
    model.say_what_is_uncertain();
    if output.rows() > 0 {
        let (out, count) = (shown(&options.out), output.rows());
        let rows = count_of(count, "row");
        say(said!(
            "{out} goes on: {rows} before",
            "{out} の続きから行います（これまで{count}行）"
        ));
    }
    if output.rows_of_others() > 0 {
        let (rows, folder) = (output.rows_of_others(), shown(&folder));
        note(said!(
            "{rows} of these are of another folder than {folder}.",
            "そのうち{rows}行は、{folder} とは別のフォルダのものです。"
        ));
    }
    if let Some(before) = output.model().filter(|before| *before != model.path) {
        let before = shown(&before);
        note(said!(
            "the rows before are of another model, {before}; its scores cannot be compared with those of this one.",
            "これまでの行は別のモデル {before} のもので、スコアを今回のものと比べられません。"
        ));
    }
    let now = Instant::now();
    let mut watch = Watch {
        options,
        model: &model,
        folder,
        interrupt,
        incoming,
        output,
        oddities: Oddities::default(),
        labels: WatchedLabels::default(),
        left_out: HashSet::new(),
        all: Counts::default(),
        hour: LastHour::default(),
        began: now,
        summed_up: now,
        drift: DriftWatch::new(model.scores_of_normals().unwrap_or_default()),
        progress: Progress::new(said!("Watching", "監視中"), 0),
        is_gone: false,
    };
    let ended = watch.run();
    let Watch { all, progress, .. } = watch;
    drop(progress);
    let (counts, out) = (text_of(all), shown(&options.out));
    say(said!("{counts}: {out}", "{counts}：{out}"));
    ended?;
    if options.once && all.unusable > 0 {
        let count = all.unusable;
        let files = count_of(count, "file");
        fail!(
            "{files} could not be used; the results are of the others",
            "{count}件のファイルを使えませんでした。結果はそれ以外のものです"
        );
    }
    Ok(())
}

/// The path by which a later run, from elsewhere, knows a file again.
fn from_anywhere(path: &Path) -> Result<PathBuf> {
    match path.canonicalize() {
        Ok(path) => Ok(path),
        // Whoever opens it says what is wrong with it.
        Err(_) => Ok(absolute(path)?),
    }
}

/// A folder that is being watched.
struct Watch<'a> {
    options: &'a Options,
    model: &'a Model,
    folder: PathBuf,
    interrupt: Interrupt,
    incoming: Incoming,
    output: WatchedOutput,
    oddities: Oddities,
    labels: WatchedLabels,
    /// What was said to be left out.
    left_out: HashSet<PathBuf>,
    all: Counts,
    hour: LastHour,
    began: Instant,
    summed_up: Instant,
    drift: DriftWatch,
    progress: Progress,
    /// Whether the folder could not be read at the last look.
    is_gone: bool,
}

impl Watch<'_> {
    fn run(&mut self) -> Result<()> {
        while !self.interrupt.is_requested() {
            let began = Instant::now();
            let mut complete = self.look();
            let pause = (REST * began.elapsed()).clamp(PAUSE, LONGEST_PAUSE);
            let is_more = complete.len() > AT_ONCE;
            complete.truncate(AT_ONCE);
            if !complete.is_empty() {
                self.inspect(&complete)?;
            }
            self.sum_up();
            if self.options.once && !is_more && self.incoming.waiting() == 0 {
                return Ok(());
            }
            // What waits to settle is not kept waiting for longer than that.
            let pause = match self.incoming.waiting() {
                0 => pause,
                _ => PAUSE,
            };
            if !is_more {
                self.rest(pause);
            }
        }
        Ok(())
    }

    /// The files to inspect now. A folder that cannot be read, such as one on a drive that is gone, is said
    /// and waited for.
    fn look(&mut self) -> Vec<Complete> {
        let found = match walk(&self.folder) {
            Ok(found) => found,
            Err(error) => {
                if !std::mem::replace(&mut self.is_gone, true) {
                    let folder = shown(&self.folder);
                    let why = worded(&error);
                    self.progress.say(said!(
                        "{folder} cannot be read: {why}; waiting for it.",
                        "{folder} を読み込めません：{why}。読み込めるまで待ちます。"
                    ));
                }
                return Vec::new();
            }
        };
        if std::mem::take(&mut self.is_gone) {
            let folder = shown(&self.folder);
            self.progress.say(said!(
                "{folder} is there again.",
                "{folder} が再び読み込めるようになりました。"
            ));
        }
        for left_out in found.left_out {
            let quiet = matches!(
                left_out.reason,
                Reason::Hidden | Reason::NotAnImage(_) | Reason::Results
            );
            if !quiet && self.left_out.insert(left_out.path.clone()) {
                let (path, reason) = (shown(&left_out.path), worded(&left_out.reason));
                self.progress.say(said!(
                    "{path} is left out: {reason}",
                    "{path} は対象外です：{reason}"
                ));
            }
        }
        let files = found.images.iter().map(|below| self.folder.join(below));
        // One that has gone meanwhile is no file.
        let files = files.filter_map(|path| state_of(&path).map(|state| (path, state)));
        let (now, time) = (Instant::now(), SystemTime::now());
        self.incoming.look(files, now, time)
    }

    /// Inspects files and writes their rows; where nothing can be written, that is said and tried again.
    fn inspect(&mut self, complete: &[Complete]) -> Result<()> {
        let Self {
            model,
            incoming,
            output,
            progress,
            labels,
            ..
        } = self;
        let labels = labels.of(&self.folder, complete, progress);
        let name = |path: &Path| name_below(&self.folder, path);
        let entries = complete.iter().map(|one| Entry::alone(one.path.clone()));
        let (options, all, hour, drift) =
            (self.options, &mut self.all, &mut self.hour, &mut self.drift);
        let (interrupt, began) = (&self.interrupt, self.began);
        // What was begun is ended; what was not is there at the next start.
        let entries = entries.take_while(|_| !interrupt.is_requested());
        let written = look_at_each(model, entries, progress, &mut self.oddities, |outcome| {
            let index = match &outcome {
                Outcome::Inspected(inspected) => inspected.index,
                Outcome::Unusable { index, .. } => *index,
            };
            let file = complete
                .get(index)
                .context("an image came back that nobody asked for")?;
            // Written meanwhile: it is another image, which comes when it is complete.
            if state_of(&file.path) != Some(file.state) {
                return Ok(());
            }
            let counted = |counts: &mut Counts, verdict| match verdict {
                Some(verdict) => counts.add(verdict),
                None => counts.unusable += 1,
            };
            let (line, verdict) = match outcome {
                Outcome::Unusable { error, .. }
                    if matches!(error.reason, file_error::Reason::PartNotFound { .. }) =>
                {
                    let verdict = Some(Verdict::Review);
                    let copied = options.copy.holds(verdict);
                    let copied = copied.then(|| output.copy_file(&file.path, verdict));
                    let copy = copied.transpose()?.map(|(_, copy)| copy);
                    let without_part = Watched::WithoutPart {
                        path: &file.path,
                        kind: labels.kind(&name(&file.path), &Kind::Unknown),
                        reason: error.reason.to_string(),
                    };
                    let line = output.append(model, &without_part, file.state, copy)?;
                    if !options.json {
                        let path = shown(&file.path);
                        let words = report_text(language()).verdict(Verdict::Review);
                        let text = format!("{path}: {words}: {}", worded(&error.reason));
                        progress.suspend(|| print(text))?;
                    }
                    (line, Some(verdict))
                }
                Outcome::Unusable { error, .. } => {
                    if !file.is_final {
                        incoming.failed(&file.path);
                        return Ok(());
                    }
                    progress.say(worded(&error));
                    let unusable = Watched::Unusable {
                        path: &file.path,
                        reason: error.reason.to_string(),
                    };
                    (output.append(model, &unusable, file.state, None)?, None)
                }
                Outcome::Inspected(inspected) => {
                    let kind = labels.kind(&name(&file.path), &Kind::Unknown);
                    let mut row = model.row(&inspected, kind);
                    let verdict = row.judgement.map(|judgement| judgement.verdict);
                    let copy = options.copy.holds(verdict).then_some(&options.pictures);
                    let copied = output.copy(model, &inspected, verdict, copy)?;
                    let copy = copied.map(|(copy, pictures)| {
                        row.pictures = pictures;
                        copy
                    });
                    let line = output.append(model, &Watched::Inspected(&row), file.state, copy)?;
                    if !options.json {
                        progress.suspend(|| print(row_text(&row)))?;
                    }
                    if let Some(news) = drift.add(row.projected_score) {
                        progress.say(drift_line(news, language()));
                    }
                    (line, Some(verdict))
                }
            };
            if options.json {
                progress.suspend(|| print_json_text(&line))?;
            }
            incoming.inspected(&path_text(&file.path), file.state);
            counted(all, verdict);
            let now = began.elapsed();
            counted(hour.at(now), verdict);
            progress.set((all.inspected() + all.unusable) as u64);
            let last = text_of(hour.counts(now));
            progress.message(said!("last hour: {last}", "直近1時間：{last}"));
            if interrupt.is_urgent() {
                fail!("interrupted", "中断しました");
            }
            Ok(())
        });
        match written {
            Err(error) if error.is::<OutputError>() => self.wait_for_output(&error),
            other => other,
        }
    }

    /// Says why nothing can be written, and waits until something can.
    fn wait_for_output(&mut self, error: &anyhow::Error) -> Result<()> {
        let out = shown(&self.options.out).to_string();
        let (error, seconds) = (error_line(error), RETRY.as_secs());
        self.progress.say(said!(
            "{error}; trying again every {seconds} seconds, nothing is left out.",
            "{error}。{seconds}秒ごとに再試行します。検査漏れはありません。"
        ));
        while !self.interrupt.is_requested() {
            self.rest(RETRY);
            if self.output.reopen(&mut self.incoming).is_ok() {
                self.progress.say(said!(
                    "{out} can be written again.",
                    "{out} に再び書き込めるようになりました。"
                ));
                return Ok(());
            }
        }
        Ok(())
    }

    /// Says what came in the last hour, once an hour.
    fn sum_up(&mut self) {
        let now = Instant::now();
        if now - self.summed_up < SUMMARY {
            return;
        }
        self.summed_up = now;
        let counts = self.hour.counts(self.began.elapsed());
        if counts != Counts::default() {
            let counts = text_of(counts);
            self.progress
                .say(said!("last hour: {counts}", "直近1時間：{counts}"));
        }
    }

    /// Waits, unless it is asked to end.
    fn rest(&self, pause: Duration) {
        let until = Instant::now() + pause;
        let step = Duration::from_millis(200);
        while !self.interrupt.is_requested() {
            match until.checked_duration_since(Instant::now()) {
                Some(left) => sleep(left.min(step)),
                None => return,
            }
        }
    }
}

fn text_of(counts: Counts) -> String {
    let Counts {
        review,
        rejected,
        unusable,
        ..
    } = counts;
    let inspected = counts.inspected();
    let images = count_of(inspected, "image");
    let text = said!(
        "{images} inspected, {rejected} rejected, {review} to review",
        "検査{inspected}枚、不合格{rejected}枚、要確認{review}枚"
    );
    match unusable {
        0 => text,
        _ => said!(
            "{text}, {unusable} could not be used",
            "{text}、使用不可{unusable}件"
        ),
    }
}

/// A file as it is; `None` if there is none any more.
fn state_of(path: &Path) -> Option<FileState> {
    let metadata = fs::metadata(path).ok()?;
    Some(FileState {
        bytes: metadata.len(),
        modified: metadata.modified().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use kizumi_method::decision::Verdict;

    use super::*;

    #[test]
    fn counts_read_well() {
        let mut counts = Counts::default();
        for verdict in [Some(Verdict::Pass), Some(Verdict::Reject), None] {
            counts.add(verdict);
        }
        assert_eq!(
            text_of(counts),
            "3 images inspected, 1 rejected, 1 to review"
        );
        counts.unusable = 2;
        assert!(text_of(counts).ends_with(", 2 could not be used"));
    }
}
