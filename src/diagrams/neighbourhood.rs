//! What is around one item, a few steps far.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::bundles::Bundles;
use super::canvas::Canvas;
use super::error::DiagramError;
use super::scene::{Reading, Scene};
use super::{Options, lookup};
use crate::domain::element::{Item, Model, Relationship};
use crate::domain::metamodel::KindId;
use crate::graph::View;

/// Beyond this many items, what is not drawn is no longer counted exactly.
const MOST_COUNTED: usize = 20_000;

/// So many neighbours of one sort are drawn singly, more are one box; the first that fits the picture counts.
const PILE_SIZES: [usize; 7] = [usize::MAX, 12, 8, 5, 3, 2, 1];

/// A request for the surroundings of an item.
#[derive(Debug, Clone)]
pub struct Neighbourhood {
    /// The item's id.
    pub subject: String,
    /// How many steps to go, 1 to 3.
    pub depth: usize,
    /// Kinds of elements to show and of relationships to follow, with those that specialise them;
    /// none of either sort means all of it.
    pub kinds: Vec<String>,
    /// About how many boxes fit; above it, neighbours of one sort are counted in one box. 10 to 500.
    pub most_figures: usize,
}

impl Neighbourhood {
    /// The direct neighbours of an item.
    pub fn of(subject: &str) -> Self {
        Self { subject: subject.to_owned(), depth: 1, kinds: Vec::new(), most_figures: 40 }
    }
}

/// One step from an item.
struct Link {
    other: String,
    other_kind: KindId,
    relationship: Arc<Relationship>,
    outgoing: bool,
}

/// Who stands in which figure.
#[derive(Default)]
struct Plan {
    /// Items drawn singly, in the order found, with their distance.
    single: Vec<(String, usize)>,
    /// Items counted in one box.
    piles: Vec<(KindId, Vec<String>)>,
    /// The place of the pile of each item that is in one.
    piled: BTreeMap<String, usize>,
}

impl Plan {
    fn fits(&self, request: &Neighbourhood) -> bool {
        self.single.len() + self.piles.len() <= request.most_figures
    }
}

/// Draws the surroundings of an item.
pub fn draw(view: &View, request: &Neighbourhood, options: &Options) -> Result<Scene, DiagramError> {
    lookup::within("depth", request.depth, 1, 3)?;
    lookup::within("most_figures", request.most_figures, 10, 500)?;
    let subject = lookup::item(view, &request.subject)?;
    let walk = Walk::new(view, request)?;
    let plan = walk.fitting_plan(request);
    let language = &options.language;
    let name = crate::domain::naming::display_name(view, subject, language);
    let title = if super::language::is_english(language) {
        format!("Around {name} (depth {})", request.depth)
    } else {
        format!("「{name}」の周辺図（{}段）", request.depth)
    };
    let mut canvas = Canvas::new(view, options, &title, Reading::LeftToRight);
    let names = place_figures(&mut canvas, subject, &plan);
    walk.connect(&mut canvas, request.depth, &plan, &names);
    walk.note_missing(&mut canvas, request, &names);
    canvas.explain_subject();
    Ok(canvas.finish())
}

/// Puts the planned figures into the picture; gives the figure of every item.
fn place_figures(canvas: &mut Canvas<'_>, subject: Item<'_>, plan: &Plan) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    canvas.place_subject(subject);
    for (id, _) in &plan.single {
        if let Some(item) = canvas.view.item(id).filter(|item| item.id() != subject.id()) {
            let figure = canvas.figure(item);
            canvas.place(figure);
        }
        names.insert(id.clone(), id.clone());
    }
    for (kind, ids) in &plan.piles {
        let label = canvas.kind_label(*kind);
        let figure = canvas.pile(*kind, ids, "", &label);
        names.extend(ids.iter().map(|id| (id.clone(), figure.id.clone())));
        canvas.place(figure);
    }
    names
}

/// Steps from item to item, of the kinds asked for.
struct Walk<'a> {
    view: &'a View,
    elements: Vec<KindId>,
    relationships: Vec<KindId>,
}

impl<'a> Walk<'a> {
    fn new(view: &'a View, request: &Neighbourhood) -> Result<Self, DiagramError> {
        let metamodel = view.metamodel();
        let kinds: Vec<KindId> =
            request.kinds.iter().map(|name| lookup::kind(metamodel, name)).collect::<Result<_, _>>()?;
        let (relationships, elements) = kinds.into_iter().partition(|kind| metamodel.kind(*kind).is_relationship());
        Ok(Self { view, elements, relationships })
    }

    fn is_wanted(&self, kind: KindId, among: &[KindId]) -> bool {
        among.is_empty() || among.iter().any(|wanted| self.view.metamodel().is_a(kind, *wanted))
    }

    /// The steps from an item, sorted by kind of relationship, direction and neighbour.
    fn links(&self, id: &str) -> Vec<Link> {
        let mut links = Vec::new();
        let outgoing = self.view.outgoing(id, None).into_iter().map(|found| (found, true));
        let incoming = self.view.incoming(id, None).into_iter().map(|found| (found, false));
        for (relationship, outgoing) in outgoing.chain(incoming) {
            let other = if outgoing { &relationship.target } else { &relationship.source };
            self.push(&mut links, other.to_string(), &relationship, outgoing);
        }
        if let Some(own) = self.view.relationship(id) {
            self.push(&mut links, own.source.to_string(), own, false);
            self.push(&mut links, own.target.to_string(), own, true);
        }
        links.sort_by(|a, b| {
            let key = |link: &Link| (link.relationship.kind, link.outgoing, link.other_kind);
            key(a).cmp(&key(b)).then_with(|| (&a.other, &a.relationship.id).cmp(&(&b.other, &b.relationship.id)))
        });
        links
    }

    fn push(&self, links: &mut Vec<Link>, other: String, relationship: &Arc<Relationship>, outgoing: bool) {
        let Some(item) = self.view.item(&other) else {
            return;
        };
        let element = !self.view.metamodel().kind(item.kind()).is_relationship();
        let shown = !element || self.is_wanted(item.kind(), &self.elements);
        if shown && self.is_wanted(relationship.kind, &self.relationships) {
            links.push(Link { other_kind: item.kind(), other, relationship: Arc::clone(relationship), outgoing });
        }
    }

    /// The most detailed plan that fits; the depth shrinks only when nothing else helps.
    fn fitting_plan(&self, request: &Neighbourhood) -> Plan {
        let depths = (1..=request.depth).rev();
        let attempts = depths.flat_map(|depth| PILE_SIZES.map(|size| (depth, size)));
        let mut last = Plan::default();
        for (depth, size) in attempts {
            last = self.plan(request, depth, size);
            if last.fits(request) {
                break;
            }
        }
        last
    }

    /// A plan of this detail, given up as soon as it is too large; to one step it is always complete.
    fn plan(&self, request: &Neighbourhood, depth: usize, pile_size: usize) -> Plan {
        let subject = &request.subject;
        let mut plan = Plan { single: vec![(subject.clone(), 0)], ..Plan::default() };
        let mut known = BTreeSet::from([subject.clone()]);
        let mut next = 0;
        while let Some((id, distance)) = plan.single.get(next).filter(|_| plan.fits(request)).cloned() {
            next += 1;
            if distance < depth {
                self.expand(&mut plan, &mut known, &id, distance + 1, pile_size);
            }
        }
        plan
    }

    /// Plans the neighbours of an item that are new, those of one sort together.
    fn expand(&self, plan: &mut Plan, known: &mut BTreeSet<String>, id: &str, distance: usize, pile_size: usize) {
        let mut sorts: BTreeMap<(KindId, bool, KindId), Vec<String>> = BTreeMap::new();
        for link in self.links(id) {
            if known.insert(link.other.clone()) {
                let sort = (link.relationship.kind, link.outgoing, link.other_kind);
                sorts.entry(sort).or_default().push(link.other);
            }
        }
        for ((_, _, kind), ids) in sorts {
            if ids.len() <= pile_size {
                plan.single.extend(ids.into_iter().map(|id| (id, distance)));
            } else {
                plan.piled.extend(ids.iter().map(|id| (id.clone(), plan.piles.len())));
                plan.piles.push((kind, ids));
            }
        }
    }

    /// Draws what joins the figures: all that starts or ends at one that lies inside the depth.
    fn connect(&self, canvas: &mut Canvas<'_>, depth: usize, plan: &Plan, names: &BTreeMap<String, String>) {
        let mut bundles = Bundles::default();
        let mut outside = BTreeSet::new();
        for (id, distance) in &plan.single {
            for link in self.links(id) {
                let Some(other) = names.get(&link.other) else {
                    continue;
                };
                let inside = *distance < depth;
                let drawn_singly = names.contains_key(link.relationship.id.as_str());
                let is_own_end = link.relationship.id.as_str() == id || link.relationship.id.as_str() == link.other;
                if drawn_singly && !is_own_end {
                    continue;
                }
                if !inside {
                    outside.insert(link.relationship.id.clone());
                } else if link.outgoing {
                    bundles.add(id, other, &link.relationship);
                } else {
                    bundles.add(other, id, &link.relationship);
                }
            }
        }
        for relationship in bundles.iter().flat_map(|(_, _, relationships)| relationships) {
            outside.remove(&relationship.id);
        }
        bundles.connect(canvas);
        if !outside.is_empty() {
            let count = outside.len();
            canvas.note(canvas.words(
                &format!("最も外側の箱どうしの関連 {count}件は線にしていない"),
                &format!("{count} relationships between the outermost boxes are not drawn"),
            ));
        }
    }

    /// Says how many items within the depth are in no box.
    fn note_missing(&self, canvas: &mut Canvas<'_>, request: &Neighbourhood, names: &BTreeMap<String, String>) {
        let mut known = BTreeSet::from([request.subject.clone()]);
        let mut border = vec![request.subject.clone()];
        let mut missing: BTreeMap<KindId, usize> = BTreeMap::new();
        for _ in 0..request.depth {
            let mut next = Vec::new();
            for link in border.iter().flat_map(|id| self.links(id)) {
                if known.len() < MOST_COUNTED && known.insert(link.other.clone()) {
                    if !names.contains_key(&link.other) {
                        *missing.entry(link.other_kind).or_default() += 1;
                    }
                    next.push(link.other);
                }
            }
            border = next;
        }
        if known.len() >= MOST_COUNTED {
            canvas.note(canvas.words(
                "範囲が広いため、以下の件数は少なくともの数",
                "The scope is wide: the following counts are lower bounds",
            ));
        }
        let depth = request.depth;
        canvas.note_missing(
            &format!("{depth}段以内にあるが箱にしていないもの"),
            &format!("within {depth} steps but in no box"),
            &missing,
        );
    }
}
