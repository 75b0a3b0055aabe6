//! Five questions in the query language, asked of a generated city; the same graph as files for the peers.
//!
//! `cargo run --release --bin query ELEMENTS FOLDER [QUESTION]` writes `nodes.csv`, `edges.csv` and `questions.json` into the
//! folder, asks the questions and writes the answers and medians to `ezu.json`. `benches/peers/query/run.py` calls it,
//! asks the peers the same and compares the answers.

use std::fs;
use std::io::{BufWriter, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use ezu::application::files::load_metamodel;
use ezu::application::generate::generate_snapshot;
use ezu::graph::{Direction, EdgeKind, Node, View};
use ezu::query::functions::StatementClock;
use ezu::query::over_view::{Indexes, ViewCatalog, ViewGraph};
use ezu::query::source::{Catalog, Facts, Key, PropertyGraph};
use ezu::query::{Limits, Options, Parameters, Prepared, Value, compile};
use ezu_peers::random::Random;
use ezu_peers::timing::median_of;
use serde_json::{Value as Json, json};

/// Runs after which a question is not asked again, although its three seconds are not over.
const MOST_RUNS: usize = 1_000_000;

/// What is asked: a name, the text, and how often each set of parameters is asked.
const QUESTIONS: [(&str, &str); 5] = [
    ("reach", "MATCH (a {id: $id})-[*]->(b) RETURN count(DISTINCT b) AS reached"),
    ("reach-3", "MATCH (a {id: $id})-[*1..3]->(b) RETURN count(DISTINCT b) AS reached"),
    ("shortest", "MATCH p = shortestPath((a {id: $id})-[*]->(b {id: $other})) RETURN length(p) AS length"),
    (
        "two-hop",
        "MATCH (a:System {id: $id})-[:DATA_FLOW]->(b:System)-[:DATA_FLOW]->(c:System) WHERE c.users > 200 \
         RETURN c.category AS category, count(*) AS flows, avg(c.users) AS users ORDER BY flows DESC, category",
    ),
    (
        "three-hop",
        "MATCH (d:Department)<-[:OWNED_BY]-(s:System)-[:DATA_FLOW]->(t:System)-[:SUPPLIED_BY]->(v:Vendor) \
         RETURN d.id AS department, count(DISTINCT v) AS vendors ORDER BY vendors DESC, department LIMIT 10",
    ),
];

fn main() {
    let mut arguments = std::env::args().skip(1);
    let elements = arguments.next().and_then(|text| text.parse().ok()).expect("a number of elements");
    let folder = PathBuf::from(arguments.next().expect("a folder"));
    fs::create_dir_all(&folder).expect("the folder can be made");
    let metamodel = load_metamodel(None).expect("the built-in metamodel is sound");
    let snapshot = generate_snapshot(&metamodel, elements, 1).expect("the generated city is valid");
    let view = View::new(Arc::new(snapshot), jiff::civil::date(2026, 11, 1));
    let catalog = ViewCatalog::new(&metamodel);
    let indexes = Indexes::default();
    let city = City { view, catalog, indexes };
    city.export(&folder);
    let parameters = city.parameters();
    write_json(&folder.join("questions.json"), &questions(&parameters));
    write_json(&folder.join("ezu.json"), &city.ask_all(&parameters));
}

struct City {
    view: View,
    catalog: ViewCatalog,
    indexes: Indexes,
}

impl City {
    fn graph(&self) -> ViewGraph<'_> {
        ViewGraph::new(&self.view, &self.catalog).with_indexes(&self.indexes)
    }

    fn key(&self, name: &str) -> Key {
        self.catalog.key(name).expect("a known property").expect("a property")
    }

    fn nodes(&self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let all = self.graph().for_each_node(None, |node| {
            nodes.push(node);
            ControlFlow::<()>::Continue(())
        });
        assert!(all.is_continue());
        nodes
    }

    fn id(&self, node: Node) -> String {
        text(&self.graph().node_property(node, self.key("id")))
    }

    /// The graph as the queries see it: nodes with label, users and category; relationships with their type.
    fn export(&self, folder: &Path) {
        let graph = self.graph();
        let (id, users, category) = (self.key("id"), self.key("users"), self.key("category"));
        let mut nodes = writer(&folder.join("nodes.csv"));
        writeln!(nodes, "number,id,label,users,category").expect("written");
        for node in self.nodes() {
            let cells = [id, users, category].map(|key| text(&graph.node_property(node, key)));
            let [id, users, category] = cells;
            writeln!(nodes, "{},{id},{},{users},{category}", node.0, graph.labels(node)[0]).expect("written");
        }
        let mut edges = writer(&folder.join("edges.csv"));
        writeln!(edges, "source,target,type").expect("written");
        let all = graph.for_each_relationship(None, |step| {
            let (from, to) = if step.direction == Direction::Incoming { (step.to, step.from) } else { (step.from, step.to) };
            writeln!(edges, "{},{},{}", from.0, to.0, graph.relationship_type(step.edge)).expect("written");
            ControlFlow::<()>::Continue(())
        });
        assert!(all.is_continue());
    }

    /// For each question, what it is asked with.
    fn parameters(&self) -> Vec<Vec<Json>> {
        let nodes = self.nodes();
        let systems = self.labelled("System");
        let start = self.far_reaching(&nodes);
        let reached = self.reached(start);
        let mut random = Random::new(7);
        let mut ids = |from: &[Node], count: usize| -> Vec<String> {
            (0..count).map(|_| self.id(from[random.below(from.len() as u32) as usize])).collect()
        };
        let id = |id: &String| json!({"id": id});
        let shallow: Vec<Json> = ids(&systems, 50).iter().map(id).collect();
        let anchors: Vec<Json> = ids(&systems, 50).iter().map(id).collect();
        let start = self.id(start);
        let pairs = ids(&reached, 50).into_iter().filter(|other| *other != start);
        let pairs: Vec<Json> = pairs.map(|other| json!({"id": start, "other": other})).collect();
        vec![vec![json!({"id": start})], shallow, pairs, anchors, vec![json!({})]]
    }

    fn labelled(&self, label: &str) -> Vec<Node> {
        let mut nodes = Vec::new();
        let label = self.catalog.label(label).expect("a known label");
        let all = self.graph().for_each_node(label, |node| {
            nodes.push(node);
            ControlFlow::<()>::Continue(())
        });
        assert!(all.is_continue());
        nodes
    }

    /// One of five hundred starts that reaches the most.
    fn far_reaching(&self, nodes: &[Node]) -> Node {
        let starts = nodes.iter().step_by(nodes.len().div_ceil(500)).copied();
        starts.max_by_key(|start| self.reached(*start).len()).expect("a node")
    }

    /// What can be reached from a node, plainly.
    fn reached(&self, start: Node) -> Vec<Node> {
        let graph = self.graph();
        let (mut met, mut queue) = (vec![false; graph.node_bound()], vec![start]);
        let mut place = 0;
        while let Some(node) = queue.get(place).copied() {
            place += 1;
            let all = graph.for_each_step(node, Direction::Outgoing, None::<&[EdgeKind]>, |step| {
                if !std::mem::replace(&mut met[step.to.index()], true) {
                    queue.push(step.to);
                }
                ControlFlow::<()>::Continue(())
            });
            assert!(all.is_continue());
        }
        queue
    }

    fn ask_all(&self, parameters: &[Vec<Json>]) -> Json {
        let only = std::env::args().nth(3);
        let asked = QUESTIONS.iter().zip(parameters).filter(|((name, _), _)| only.as_ref().is_none_or(|only| only == name));
        let answers = asked.map(|((name, query), sets)| (*name, self.ask(query, sets)));
        answers.map(|(name, answer)| (name.to_owned(), answer)).collect::<serde_json::Map<_, _>>().into()
    }

    /// Answers, the median of a run with a plan that is kept, and the median of making the plan.
    fn ask(&self, query: &str, sets: &[Json]) -> Json {
        let graph = self.graph();
        let prepared = compile(query, &self.catalog, &graph).unwrap_or_else(|error| panic!("{}", error.with_excerpt(query)));
        let sets: Vec<Parameters> = sets.iter().map(values).collect();
        let answers: Vec<Vec<Json>> = sets.iter().map(|set| self.run(&prepared, set).iter().map(json_row).collect()).collect();
        let mut times: Vec<f64> = Vec::new();
        let begun = Instant::now();
        while times.len() < 5 || (begun.elapsed().as_secs_f64() < 3.0 && times.len() < MOST_RUNS) {
            for set in &sets {
                let begun = Instant::now();
                std::hint::black_box(self.run(&prepared, set));
                times.push(begun.elapsed().as_secs_f64());
            }
        }
        times.sort_by(f64::total_cmp);
        let plan = median_of(501, || compile(query, &self.catalog, &graph));
        let lines: Vec<String> = prepared.explain(None).iter().map(|node| format!("{node:?}")).collect();
        json!({
            "answers": answers, "median": times[times.len() / 2], "runs": times.len(), "plan": plan.as_secs_f64(),
            "explained": lines,
        })
    }

    fn run(&self, prepared: &Prepared, parameters: &Parameters) -> Vec<Vec<Value>> {
        let clock = StatementClock { now: jiff::Timestamp::UNIX_EPOCH, zone: jiff::tz::TimeZone::UTC, today: None };
        let options = Options { limits: Limits::default(), clock: &clock, cancelled: None, counted: false };
        prepared.run(&self.graph(), parameters, &options).expect("the question has an answer").rows
    }
}

fn questions(parameters: &[Vec<Json>]) -> Json {
    let all = QUESTIONS.iter().zip(parameters);
    all.map(|((name, query), sets)| json!({"name": name, "query": query, "parameters": sets})).collect()
}

fn values(set: &Json) -> Parameters {
    let entries = set.as_object().expect("an object").iter();
    entries.map(|(name, value)| (name.as_str().into(), Value::string(value.as_str().expect("a text")))).collect()
}

fn json_row(row: &Vec<Value>) -> Json {
    row.iter()
        .map(|value| match value {
            Value::Integer(number) => json!(number),
            Value::Float(number) => json!(number),
            Value::String(text) => json!(&**text),
            other => json!(format!("{other:?}")),
        })
        .collect()
}

/// A cell of a file; empty for null.
fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.to_string(),
        Value::Integer(number) => number.to_string(),
        other => panic!("no plain value: {other:?}"),
    }
}

fn writer(path: &Path) -> BufWriter<fs::File> {
    BufWriter::new(fs::File::create(path).expect("the file can be made"))
}

fn write_json(path: &Path, value: &Json) {
    fs::write(path, serde_json::to_vec_pretty(value).expect("JSON")).expect("the file can be written");
}
