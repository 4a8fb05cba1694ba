//! Entry point: the command line, or the window when no subcommand is given.

use std::process::ExitCode;

use clap::Parser;
use kizumi::cli::{self, Arguments, WindowOptions};
use kizumi::ui::Startup;

/// Pictures are many large, short-lived buffers, which this allocator keeps instead of giving the
/// pages back each time. Of its versions the second keeps a long run as small as a short one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = match arguments.command {
        Some(command) => cli::run(command),
        None => open_window(arguments.window),
    };
    cli::report(&result)
}

/// Opens the window; the program ends when it is closed.
fn open_window(options: WindowOptions) -> anyhow::Result<()> {
    let startup = Startup {
        data: options.data,
        model: options.model,
        image: options.image,
        device: options.device,
    };
    kizumi::ui::run(startup)
}
