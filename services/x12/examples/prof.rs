use std::hint::black_box;
fn main() {
    let mut file = Vec::new();
    x12::generate::write_remittance(
        x12::generate::Options { claims: 20_000, seed: 42, ..Default::default() },
        &mut file,
    )
    .unwrap();
    let mut best = f64::MAX;
    for _ in 0..40 {
        let t = std::time::Instant::now();
        let mut sum = 0i64;
        x12::read(black_box(&file), &mut |e| match e {
            x12::Event::Claim(c) => sum += c.charge.cents().unwrap_or(0),
            x12::Event::Line(c) => sum += c.charge.cents().unwrap_or(0),
            x12::Event::Adjustment(a) => {
                sum += a.amount.cents().unwrap_or(0);
                black_box(a.reason());
            }
            x12::Event::Remark(r) => {
                black_box(r.code());
            }
            x12::Event::Reference(r) => {
                black_box(r.value());
            }
            x12::Event::Date(r) => {
                black_box(r.value());
            }
            x12::Event::Name(r) => {
                black_box(r.id());
            }
            _ => {}
        });
        black_box(sum);
        best = best.min(t.elapsed().as_secs_f64());
    }
    println!("{:.1} MB/s", file.len() as f64 / 1e6 / best);
    let mut best = f64::MAX;
    for _ in 0..40 {
        let t = std::time::Instant::now();
        let mut sum = 0usize;
        for s in black_box(&file).split(|b| *b == b'~') {
            if s.starts_with(b"\nCAS") {
                sum += s[1..].split(|b| *b == b'*').count();
            }
        }
        black_box(sum);
        best = best.min(t.elapsed().as_secs_f64());
    }
    println!("walk-ish {:.1} MB/s", file.len() as f64 / 1e6 / best);
}
