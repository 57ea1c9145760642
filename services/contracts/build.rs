//! Compiles the contracts under `proto/` without protoc.
//!
//! Two products: Rust code for every package, and the descriptor set as bytes. The bytes come from
//! `encode_file_descriptor_set`, because the `prost` form of a descriptor set drops the extension
//! options that carry permissions and patient data marks.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use prost_reflect::{DescriptorPool, FieldDescriptor, MessageDescriptor, Value};

#[expect(clippy::disallowed_methods, reason = "cargo tells a build script by its environment")]
fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../proto");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=build.rs");

    let mut files = Vec::new();
    proto_files(&root, &root, &mut files)?;
    let mut compiler = protox::Compiler::new([&root])?;
    compiler.include_imports(true).include_source_info(true).open_files(&files)?;
    let bytes = compiler.encode_file_descriptor_set();
    std::fs::write(out.join("descriptor_set.bin"), &bytes)?;

    let pool = DescriptorPool::decode(bytes.as_slice())?;
    let discreet = discreet_messages(&pool)?;
    tonic_prost_build::configure()
        .generate_default_stubs(true)
        .emit_rerun_if_changed(false)
        .skip_debug(discreet.iter().map(|message| format!(".{}", message.full_name())))
        .compile_fds_with_config(
            compiler.file_descriptor_set(),
            tonic_prost_build::Config::new(),
        )?;
    std::fs::write(out.join("modules.rs"), modules(&pool, &discreet)?)?;
    Ok(())
}

/// Every `.proto` below `folder`, relative to `root`, sorted.
fn proto_files(root: &Path, folder: &Path, files: &mut Vec<PathBuf>) -> Result<(), Box<dyn Error>> {
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::path);
    for entry in entries {
        let path = entry.path();
        if path.is_dir() {
            proto_files(root, &path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "proto") {
            files.push(path.strip_prefix(root)?.to_owned());
        }
    }
    Ok(())
}

/// The options that keep a field out of logs.
const HIDING: [&str; 2] = ["overturn.access.v1.phi", "overturn.access.v1.secret"];

fn is_hidden(pool: &DescriptorPool, field: &FieldDescriptor) -> Result<bool, Box<dyn Error>> {
    for name in HIDING {
        let option = pool.get_extension_by_name(name).ok_or("access.proto lost an option")?;
        if field.options().get_extension(&option).as_ref() == &Value::Bool(true) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The messages with a field that must not be printed; they get a `Debug` that hides it.
fn discreet_messages(pool: &DescriptorPool) -> Result<Vec<MessageDescriptor>, Box<dyn Error>> {
    let mut found = Vec::new();
    for message in pool.all_messages() {
        let fields: Vec<FieldDescriptor> = message.fields().collect();
        for field in &fields {
            if is_hidden(pool, field)? {
                found.push(message);
                break;
            }
        }
    }
    Ok(found)
}

/// The nested modules that hold the generated packages, each with the `Debug` it needs.
fn modules(
    pool: &DescriptorPool,
    discreet: &[MessageDescriptor],
) -> Result<String, Box<dyn Error>> {
    let mut houses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in pool.files().filter(|file| !file.package_name().starts_with("google.protobuf")) {
        let package = file.package_name();
        let (house, _) = package.split_once('.').ok_or("a package has at least two parts")?;
        houses.entry(house.to_owned()).or_default().insert(package.to_owned());
    }
    let mut text = String::new();
    for (house, packages) in &houses {
        writeln!(text, "pub mod {house} {{")?;
        for package in packages {
            let parts: Vec<&str> = package.split('.').skip(1).collect();
            for part in &parts {
                writeln!(text, "/// Package `{package}`.\npub mod r#{part} {{")?;
            }
            // The generator writes a package part that is a keyword as a raw identifier.
            let file = package.replace(".type", ".r#type");
            writeln!(text, "include!(concat!(env!(\"OUT_DIR\"), \"/{file}.rs\"));")?;
            for message in discreet.iter().filter(|message| message.package_name() == package) {
                write_debug(pool, message, &mut text)?;
            }
            text.push_str(&"}\n".repeat(parts.len()));
        }
        text.push_str("}\n");
    }
    Ok(text)
}

/// A `Debug` that prints `..` where a field holds patient data or a credential.
fn write_debug(
    pool: &DescriptorPool,
    message: &MessageDescriptor,
    text: &mut String,
) -> Result<(), Box<dyn Error>> {
    if message.parent_message().is_some() {
        return Err(format!("`{}` hides a field: do not nest it", message.full_name()).into());
    }
    let name = message.name();
    writeln!(text, "impl ::core::fmt::Debug for {name} {{")?;
    writeln!(text, "fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {{")?;
    writeln!(text, "f.debug_struct({name:?})")?;
    let alone = |field: &FieldDescriptor| field.containing_oneof().is_none_or(|o| o.is_synthetic());
    for field in message.fields().filter(alone) {
        write_field(text, field.name(), is_hidden(pool, &field)?)?;
    }
    for choice in message.oneofs().filter(|choice| !choice.is_synthetic()) {
        let mut hidden = false;
        for field in choice.fields() {
            hidden |= is_hidden(pool, &field)?;
        }
        write_field(text, choice.name(), hidden)?;
    }
    writeln!(text, ".finish()\n}}\n}}")?;
    Ok(())
}

fn write_field(text: &mut String, name: &str, hidden: bool) -> std::fmt::Result {
    if hidden {
        writeln!(text, ".field({name:?}, &::core::format_args!(\"..\"))")
    } else {
        writeln!(text, ".field({name:?}, &self.r#{name})")
    }
}
