//! The typesetter of the tests: what `overturn typeset` is, without the rest of the product.

fn main() -> std::io::Result<()> {
    let number = |at| std::env::args().nth(at).and_then(|text| text.parse().ok());
    let (Some(memory_mib), Some(seconds)) = (number(2), number(3)) else {
        return Err(std::io::Error::other("typeset MEMORY_MIB SECONDS"));
    };
    let limits = typesetting::Limits { memory_mib, seconds };
    typesetting::run(&limits, &mut std::io::stdin().lock(), &mut std::io::stdout().lock())
}
