//! How to call the API: lines that work as pasted.

use std::path::Path;

use anyhow::Result;

use super::groups::DemoGroup;
use crate::Output;

/// Prints how to call the demo in `folder` that listens on `listen`, as `group`'s specialist.
pub(crate) fn print(folder: &Path, listen: &str, group: &DemoGroup) -> Result<()> {
    let program = std::env::args().next().unwrap_or_else(|| "overturn".to_owned());
    let token = format!(
        "{} token --user {} --data {}",
        quoted(&program),
        group.specialist,
        quoted(&folder.display().to_string())
    );
    let call = format!("http://{listen}/overturn.routing.v1.RoutingService/ListWorkItems");
    let output = Output;
    output.line("")?;
    output.line("Call it over gRPC (npm install -g @bufbuild/buf), as this group's specialist:")?;
    output.line("")?;
    output.line(&format!(
        "  buf curl --protocol grpc --http2-prior-knowledge \\\n    \
         --header \"authorization: Bearer $({token})\" \\\n    \
         --data '{{\"page_size\": 3}}' {call}"
    ))?;
    output.line("")?;
    output.line("or as JSON over HTTP:")?;
    output.line("")?;
    output.line(&format!(
        "  curl --json '{{\"page_size\": 3}}' \\\n    \
         --header \"authorization: Bearer $({token})\" \\\n    {call}"
    ))?;
    output.line("")?;
    Ok(output.line(&format!("Serving on {listen}; Ctrl-C ends it."))?)
}

/// `text` as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_./:@%+=,-".contains(&byte);
    if !text.is_empty() && text.bytes().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        assert_eq!(quoted("target/release/overturn"), "target/release/overturn");
        assert_eq!(quoted("my data"), "'my data'");
        assert_eq!(quoted("it's $HOME"), r"'it'\''s $HOME'");
        assert_eq!(quoted(""), "''");
    }
}
