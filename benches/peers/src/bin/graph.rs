//! The graph kernels against a plain compressed-sparse-row array and petgraph.
//!
//! `cargo run --release --bin graph [largest number of nodes]` prints one table. All searches run
//! on the same random graph (four edges a node, seeded) from a start that reaches at least half of
//! it. The figures are medians. Every answer is compared with the peers'; a difference ends the
//! run.

use std::time::Duration;

use ezu::graph::{
    BitSet, Condensation, Direction, Edge, EdgeKind, EdgeRecord, Everything, Filter, KindSet,
    Masked, Node, Reached, Scratch, Topology, TopologyBuilder, bfs_tree, reach, reach_within,
    shortest_path,
};
use ezu_peers::csr::Csr;
use ezu_peers::random::Random;
use ezu_peers::timing::{median_of, median_over};
use petgraph::stable_graph::{NodeIndex, StableDiGraph};
use petgraph::visit::Bfs;

const EDGES_PER_NODE: u32 = 4;
const KINDS: u16 = 8;
const QUESTIONS: usize = 1_000;
/// How many shortest paths are compared with the breadth-first tree, which takes its time.
const CHECKED: usize = 50;

fn main() {
    let largest = std::env::args().nth(1).and_then(|text| text.parse().ok());
    println!("| nodes | question | reached | median | of CSR | faster than StableDiGraph |");
    println!("|---|---|---|---|---|---|");
    for nodes in [10_000, 100_000, 1_000_000] {
        if nodes <= largest.unwrap_or(u32::MAX) {
            Subject::new(nodes).measure();
        }
    }
}

/// The same random graph in every form.
struct Subject {
    nodes: u32,
    records: Vec<EdgeRecord>,
    topology: Topology,
    csr: Csr,
    stable: StableDiGraph<(), u16>,
    start: Node,
}

impl Subject {
    fn new(nodes: u32) -> Self {
        let records = random_records(nodes);
        let pairs = records.iter().map(|edge| (edge.source.0, edge.target.0));
        let csr = Csr::new(nodes, &pairs.collect::<Vec<_>>());
        let half = nodes as usize / 2;
        let start = (0..nodes).find(|&start| csr.reach(start).1 >= half);
        Self {
            nodes,
            topology: build(nodes, &records),
            csr,
            stable: stable(nodes, &records),
            start: Node(start.expect("four edges a node reach half of the nodes from somewhere")),
            records,
        }
    }

    fn measure(&self) {
        self.unlimited();
        self.filtered();
        self.shallow();
        self.others();
        self.writes();
    }

    fn row(&self, question: &str, reached: usize, time: Duration, peers: Option<[Duration; 2]>) {
        let ratios = peers.map(|peers| peers.map(|peer| time.as_secs_f64() / peer.as_secs_f64()));
        let [csr, stable] = ratios.map_or([const { String::new() }; 2], |[csr, stable]| {
            [format!("{csr:.2}"), format!("{:.1}", 1.0 / stable)]
        });
        let nodes = self.nodes;
        println!("| {nodes} | {question} | {reached} | {time:.2?} | {csr} | {stable} |");
    }

    fn runs(&self) -> usize {
        (20_000_000 / self.nodes as usize).clamp(15, 400)
    }

    fn unlimited(&self) {
        let Self {
            topology,
            csr,
            stable,
            start,
            ..
        } = self;
        let ours = reach(topology, &[*start], Direction::Outgoing, &Everything);
        let (seen, count) = csr.reach(start.0);
        assert_eq!((ours.bits.words(), ours.count), (seen.as_slice(), count));
        assert_eq!(stable_reach(stable, *start), count);
        let of_csr = median_of(self.runs(), || csr.reach(start.0));
        let of_stable = median_of(self.runs().min(50), || stable_reach(stable, *start));
        let of_ours = median_of(self.runs(), || {
            reach(topology, &[*start], Direction::Outgoing, &Everything)
        });
        let peers = Some([of_csr, of_stable]);
        self.row("CSR reach", count, of_csr, peers);
        self.row("StableDiGraph + Bfs reach", count, of_stable, peers);
        self.row("reach", count, of_ours, peers);
        self.condensed(&ours, [of_csr, of_stable]);
    }

    fn condensed(&self, expected: &Reached, peers: [Duration; 2]) {
        let condensation = Condensation::build(&self.topology, &Everything);
        let answer = condensation.reach(&[self.start], Direction::Outgoing);
        assert_eq!(&answer, expected);
        let time = median_of(self.runs(), || {
            condensation.reach(&[self.start], Direction::Outgoing)
        });
        self.row(
            "reach over the condensation",
            answer.count,
            time,
            Some(peers),
        );
        let time = median_of(5, || Condensation::build(&self.topology, &Everything));
        self.row(
            "building the condensation",
            condensation.count(),
            time,
            None,
        );
    }

    fn filtered(&self) {
        let mut random = Random::new(7);
        let mut nodes = BitSet::full(self.nodes as usize);
        for _ in 0..self.nodes / 10 {
            nodes.remove(random.below(self.nodes));
        }
        nodes.insert(self.start.0);
        let kinds: KindSet = (0..KINDS - 1).map(EdgeKind).collect();
        let by_node = Masked {
            nodes: Some(&nodes),
            ..Masked::default()
        };
        let by_both = Masked {
            kinds: Some(&kinds),
            ..by_node
        };
        for (question, filter) in [
            ("reach, a tenth of the nodes hidden", by_node),
            ("reach, also one kind of eight hidden", by_both),
        ] {
            let seen = |record: &&EdgeRecord| {
                filter.edge(record.kind, record.edge)
                    && filter.node(record.source)
                    && filter.node(record.target)
            };
            let records: Vec<_> = self.records.iter().filter(seen).copied().collect();
            let pairs = records.iter().map(|edge| (edge.source.0, edge.target.0));
            let csr = Csr::new(self.nodes, &pairs.collect::<Vec<_>>());
            let stable = stable(self.nodes, &records);
            let ours = reach(&self.topology, &[self.start], Direction::Outgoing, &filter);
            assert_eq!(ours.count, csr.reach(self.start.0).1);
            assert_eq!(ours.count, stable_reach(&stable, self.start));
            let peers = [
                median_of(self.runs(), || csr.reach(self.start.0)),
                median_of(self.runs().min(50), || stable_reach(&stable, self.start)),
            ];
            let time = median_of(self.runs(), || {
                reach(&self.topology, &[self.start], Direction::Outgoing, &filter)
            });
            self.row(question, ours.count, time, Some(peers));
        }
    }

    fn shallow(&self) {
        let mut random = Random::new(3);
        let starts = (0..QUESTIONS).map(|_| Node(random.below(self.nodes)));
        let starts: Vec<Node> = starts.collect();
        let mut scratch = Scratch::new();
        let mut reached = 0;
        for &start in &starts {
            let tree = bfs_tree(
                &self.topology,
                &[start],
                Direction::Outgoing,
                3,
                &Everything,
            );
            let nearby = within_three(&self.topology, start, &mut scratch);
            assert_eq!(nearby, tree.nodes().len());
            reached += nearby;
        }
        let time = median_over(&starts, |start| {
            within_three(&self.topology, start, &mut scratch)
        });
        self.row(
            "reach within 3 hops (mean reached)",
            reached / QUESTIONS,
            time,
            None,
        );
        let pairs: Vec<_> = starts.iter().zip(starts.iter().rev()).collect();
        for &(&from, &to) in pairs.iter().take(CHECKED) {
            let path = path(&self.topology, from, to, &mut scratch);
            let tree = bfs_tree(
                &self.topology,
                &[from],
                Direction::Outgoing,
                u32::MAX,
                &Everything,
            );
            assert_eq!(path, tree.distance(to).map(|distance| distance as usize));
        }
        let time = median_over(&pairs, |(&from, &to)| {
            path(&self.topology, from, to, &mut scratch)
        });
        self.row("shortest path between two nodes", pairs.len(), time, None);
    }

    fn others(&self) {
        let time = median_of(5, || {
            bfs_tree(
                &self.topology,
                &[self.start],
                Direction::Outgoing,
                u32::MAX,
                &Everything,
            )
        });
        self.row("breadth-first tree", 0, time, None);
    }

    fn writes(&self) {
        let time = median_of(3, || build(self.nodes, &self.records));
        self.row("building the topology", self.records.len(), time, None);
        let time = median_of(1_000, || self.topology.clone());
        self.row("a clone", 0, time, None);
        let mut random = Random::new(5);
        let time = median_of(1_000, || {
            let ends = [0; 2].map(|_: u8| Node(random.below(self.nodes)));
            let mut changed = self.topology.clone();
            changed.insert_edge(Edge(u32::MAX), EdgeKind(0), ends[0], ends[1]);
            changed
        });
        self.row("one edge more, in a clone", 1, time, None);
        let mut own = self.topology.clone();
        let mut edge = u32::MAX;
        let time = median_of(1_000, || {
            edge -= 1;
            let ends = [0; 2].map(|_: u8| Node(random.below(self.nodes)));
            own.insert_edge(Edge(edge), EdgeKind(0), ends[0], ends[1])
        });
        self.row("one edge more, in the same clone", 1, time, None);
        let bytes = self.topology.memory_bytes();
        println!("| {} | bytes in memory | {bytes} | | | |", self.nodes);
    }
}

fn within_three(topology: &Topology, start: Node, scratch: &mut Scratch) -> usize {
    let nearby = reach_within(
        topology,
        start,
        Direction::Outgoing,
        3,
        &Everything,
        scratch,
    );
    nearby.nodes().len()
}

fn path(topology: &Topology, from: Node, to: Node, scratch: &mut Scratch) -> Option<usize> {
    let outgoing = Direction::Outgoing;
    let path = shortest_path(topology, &[from], &[to], outgoing, &Everything, scratch);
    path.map(|path| path.len())
}

fn random_records(nodes: u32) -> Vec<EdgeRecord> {
    let mut random = Random::new(u64::from(nodes));
    let record = |edge| EdgeRecord {
        edge: Edge(edge),
        kind: EdgeKind(u16::try_from(random.below(KINDS.into())).expect("a kind has 16 bits")),
        source: Node(random.below(nodes)),
        target: Node(random.below(nodes)),
    };
    (0..nodes * EDGES_PER_NODE).map(record).collect()
}

fn build(nodes: u32, records: &[EdgeRecord]) -> Topology {
    let mut builder = TopologyBuilder::with_capacity(nodes, records.len());
    for &record in records {
        assert!(builder.add(record), "every end is a node");
    }
    builder.build()
}

fn stable(nodes: u32, records: &[EdgeRecord]) -> StableDiGraph<(), u16> {
    let mut stable = StableDiGraph::new();
    for _ in 0..nodes {
        stable.add_node(());
    }
    for edge in records {
        let ends = [edge.source, edge.target].map(|node| NodeIndex::new(node.index()));
        stable.add_edge(ends[0], ends[1], edge.kind.0);
    }
    stable
}

fn stable_reach(stable: &StableDiGraph<(), u16>, start: Node) -> usize {
    let mut search = Bfs::new(stable, NodeIndex::new(start.index()));
    let mut count = 0;
    while search.next(stable).is_some() {
        count += 1;
    }
    count
}
