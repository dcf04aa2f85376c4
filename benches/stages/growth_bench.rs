//! Each stage on pages of one, four and sixteen times the length.
//!
//! `cargo bench --bench growth_bench` takes a page of `datasets/sampler`, repeats what
//! its `body` holds, and has criterion time each stage on it, in bytes a second: of a
//! stage that is linear they are the same for every length. criterion keeps what it
//! measured below `target/criterion` and tells what changed since the last run;
//! `cargo bench --bench growth_bench -- features` runs one stage.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use dehusk::block::Blocks;
use dehusk::model::{Model, Profile};
use dehusk::page::{Page, PageContext};
use dehusk::{Extractor, feature, metadata, render};

const PAGE: &str = include_str!("../../datasets/sampler/html/news-en-modern.html");

/// The page with all that stands in its body so many times.
fn longer(times: usize) -> String {
    let start = PAGE
        .find("<body")
        .map_or(0, |at| at + PAGE[at..].find('>').unwrap_or(0) + 1);
    let end = PAGE.rfind("</body>").unwrap_or(PAGE.len());
    let body = PAGE[start..end].repeat(times);
    format!("{}{body}{}", &PAGE[..start], &PAGE[end..])
}

fn stages(criterion: &mut Criterion) {
    let model = Model::shipped();
    let context = PageContext::default();
    for times in [1, 4, 16] {
        let html = longer(times);
        let page = Page::parse(html.as_bytes(), &context);
        let blocks = Blocks::of(&page);
        let measured = feature::measure(&page, &blocks);
        let extractor = Extractor::default();
        let judged = extractor.judge(&page);
        let options = render::RenderOptions::default();
        let text = render::text(&judged.blocks, &judged.kept);

        let mut stage = |name: &str, work: &dyn Fn()| {
            let mut group = criterion.benchmark_group(name);
            group.throughput(Throughput::Bytes(html.len() as u64));
            group.bench_function(BenchmarkId::from_parameter(html.len()), |b| b.iter(work));
            group.finish();
        };
        stage("page", &|| drop(Page::parse(html.as_bytes(), &context)));
        stage("blocks", &|| drop(Blocks::of(&page)));
        stage("features", &|| drop(feature::measure(&page, &blocks)));
        stage("model", &|| {
            drop(model.probabilities(&measured, Profile::default()))
        });
        stage("metadata", &|| drop(metadata::read(&page, &blocks, &text)));
        stage("markdown", &|| {
            drop(render::markdown(&page, &judged, &options))
        });
        stage("html", &|| drop(render::html(&page, &judged, &options)));
        stage("extraction", &|| {
            drop(extractor.extract(html.as_bytes(), &context))
        });
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
