//! Entry point: the command line, or the window when no subcommand is given.

use std::process::ExitCode;

use kizumi::cli::{self, Arguments, WindowOptions};
use kizumi::logging::panics::{self, Program};
use kizumi::logging::{self, Verbosity};
use kizumi::ui::Startup;

/// Pictures are many large, short-lived buffers, which this allocator keeps instead of giving the
/// pages back each time. Of its versions the second keeps a long run as small as a short one.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let Arguments {
        command,
        window,
        output,
    } = Arguments::of_command_line();
    let verbosity = output.apply();
    let result = match command {
        Some(command) => {
            start_logging(verbosity, Program::CommandLine);
            cli::run(command)
        }
        None => {
            start_logging(verbosity, Program::Window);
            open_window(window)
        }
    };
    cli::report(&result)
}

fn start_logging(verbosity: Verbosity, program: Program) {
    let file = (program == Program::Window).then(logging::file).flatten();
    logging::start(verbosity, file, cli::beside_progress);
    panics::install(program, logging::state_folder(), cli::beside_progress);
    let (version, system) = (env!("CARGO_PKG_VERSION"), std::env::consts::OS);
    tracing::info!(
        "Kizumi {version} on {system}, process {}",
        std::process::id()
    );
}

/// Opens the window; the program ends when it is closed.
fn open_window(options: WindowOptions) -> anyhow::Result<()> {
    let startup = Startup {
        data: options.data,
        project: options.project,
        model: options.model,
        image: options.image,
        device: options.device,
    };
    kizumi::ui::run(startup, cli::language())
}
