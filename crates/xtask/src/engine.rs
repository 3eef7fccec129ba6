//! The engine for the page: `web/pkg` with the JavaScript glue, the optimised .wasm and the type declarations.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::command;
use crate::licences;
use crate::paths;
use crate::progress::{Done, Step};
use crate::stamp::{Inputs, Stamp};

/// A build of the engine.
struct Variant {
    /// What its files in `web/pkg` are called.
    name: &'static str,
    /// How cargo is told which it is.
    features: &'static [&'static str],
    /// Its profile in Cargo.toml.
    profile: &'static str,
    /// What wasm-opt is to aim at.
    aim: &'static [&'static str],
}

/// The whole engine: for every use but the page's first answer. For speed first: the page fetches it behind that
/// answer, and asks it at every keystroke. What `wasm-opt` would gain by trying longer is not worth the minute.
const WHOLE: Variant = Variant { name: "iam_playground", features: &[], profile: "wasm-speed", aim: &["-O2"] };

/// The engine without its warnings and suggestions, which the page can show a moment later: what a browser has to
/// download before the first answer. For size first.
const FIRST: Variant = Variant {
    name: "iam_playground_first",
    features: &["--no-default-features"],
    profile: "wasm",
    aim: &["--flatten", "--rereloop", "-Oz", "-Oz", "--converge"],
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The wasm features that rustc uses and every browser since 2023 has.
const WASM_OPT: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-mutable-globals",
    "--enable-sign-ext",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// The .wasm files that the page loads: before the first answer, and after it.
pub(crate) fn wasm() -> [PathBuf; 2] {
    [FIRST.wasm(), WHOLE.wasm()]
}

impl Variant {
    fn wasm(&self) -> PathBuf {
        paths::pkg().join(format!("{}_bg.wasm", self.name))
    }

    /// What cargo makes of it.
    fn compiled(&self) -> PathBuf {
        paths::target().join(TARGET).join(self.profile).join("iam_playground_wasm.wasm")
    }
}

/// Compiles the engine in both variants; cargo itself knows what has changed.
pub(crate) fn compile(step: &Step) -> Result<Done> {
    let mut done = Done::Unchanged;
    for variant in [FIRST, WHOLE] {
        step.say("compiling the engine to wasm");
        let before = fs::read(variant.compiled()).ok();
        command::run(
            step,
            "compiling the engine",
            command::cargo()
                // The crate is also an rlib, for native tests; only a cdylib alone is optimised across crates.
                .args(["rustc", "--package", "iam-playground-wasm", "--lib", "--crate-type", "cdylib"])
                .args(["--profile", variant.profile, "--target", TARGET])
                .args(variant.features)
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_local_paths()),
        )?;
        if fs::read(variant.compiled()).ok() != before {
            done = Done::Made;
        }
    }
    Ok(done)
}

/// Compiler flags that keep this machine's folders out of the engine's panic messages: the site is published, and is
/// to be the same wherever it is built.
fn without_local_paths() -> String {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = cargo.and_then(|cargo| fs::read_dir(cargo.join("registry/src")).ok());
    let crates = registries.into_iter().flatten().flatten().map(|entry| (entry.path().display().to_string(), "crates"));
    let sysroot = command::output(command::program("rustc").args(["--print", "sysroot"]));
    // Only where the standard library's sources are installed.
    let library = sysroot.map(|sysroot| (format!("{sysroot}/lib/rustlib/src/rust"), "rust"));
    crates
        .chain(library)
        // The flags are separated by spaces.
        .filter(|(path, _)| !path.contains(' '))
        .map(|(path, name)| format!("--remap-path-prefix={path}={name} "))
        .collect()
}

/// Makes `web/pkg` from what was compiled.
pub(crate) fn package(step: &Step) -> Result<Done> {
    let mut done = Done::Unchanged;
    for variant in [FIRST, WHOLE] {
        if let Done::Made = package_variant(step, &variant)? {
            done = Done::Made;
        }
    }
    Ok(done)
}

fn package_variant(step: &Step, variant: &Variant) -> Result<Done> {
    let pkg = paths::pkg();
    let name = variant.name;
    let binaryen = paths::web().join("node_modules/binaryen");
    let inputs = Inputs::new()
        .files(&variant.compiled())
        .files(&binaryen.join("package.json"))
        .text(&WASM_OPT.join(" "))
        .text(&variant.aim.join(" "))
        // The glue's generator: its version, and how it is called below.
        .files(&paths::root().join("Cargo.lock"))
        .files(&paths::root().join("crates/xtask/src/engine.rs"));
    let stamp = Stamp::new(name, inputs);
    let outputs =
        [variant.wasm(), pkg.join(format!("{name}.js")), pkg.join(format!("{name}.d.ts")), pkg.join("licences.txt")];
    if stamp.is_current(&outputs) {
        return Ok(Done::Unchanged);
    }
    stamp.clear();
    step.say("generating the bindings");
    Bindgen::new()
        .input_path(variant.compiled())
        .out_name(name)
        .web(true)?
        .typescript(true)
        // `init()` without arguments finds the .wasm beside the glue.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&pkg)
        .context("the JavaScript bindings could not be generated")?;
    step.say("optimising the engine with wasm-opt");
    let optimised = pkg.join(format!("{name}_bg.opt.wasm"));
    command::run(
        step,
        "wasm-opt",
        command::node(binaryen.join("bin/wasm-opt"))
            .args(variant.aim)
            .args(WASM_OPT)
            .arg(variant.wasm())
            .arg("-o")
            .arg(&optimised),
    )?;
    fs::rename(optimised, variant.wasm())?;
    fs::write(pkg.join("licences.txt"), licences::of_engine()?)?;
    stamp.record()?;
    Ok(Done::Made)
}
