//! `PlantUML` with the `ArchiMate` macros of its standard library (`<archimate/Archimate>`).

use std::fmt::Write as _;

use super::shown::{Half, Shown, ShownEdge};
use crate::domain::element::{Item, Model};
use crate::domain::value::Value;

/// Writes items as a diagram in `ArchiMate`'s notation. The same items give the same text.
pub fn write(model: &dyn Model, items: &[Item<'_>], language: &str) -> String {
    let shown = Shown::of(model, items, language);
    let mut out = String::from("@startuml\n!include <archimate/Archimate>\n\n");
    for (place, node) in shown.nodes.iter().enumerate() {
        let archimate = node.kind.archimate.as_deref().unwrap_or_default();
        // Infallible: writing to a string.
        let _ = match node.item {
            Item::Element(_) => writeln!(out, "{}(n{place}, \"{}\")", element_macro(archimate), escaped(&node.name)),
            Item::Relationship(_) => {
                writeln!(out, "rectangle \"{}\" as n{place}", escaped(node.kind.label.get(language)))
            }
        };
    }
    out.push('\n');
    for edge in &shown.edges {
        line(&mut out, model, edge, language);
    }
    out.push_str("@enduml\n");
    out
}

fn line(out: &mut String, model: &dyn Model, edge: &ShownEdge<'_>, language: &str) {
    let reversed = edge.kind.relationship.as_ref().is_some_and(|traits| traits.reversed);
    let (from, to) = if reversed { (edge.target, edge.source) } else { (edge.source, edge.target) };
    let label = edge.relationship.name.as_deref().unwrap_or_else(|| edge.kind.label.get(language));
    let label = if edge.half == Some(Half::Second) { String::new() } else { escaped(label) };
    let name = relationship_macro(model, edge);
    let _ = writeln!(out, "{name}(n{from}, n{to}, \"{label}\")");
}

/// The macro of an element type.
fn element_macro(archimate: &str) -> String {
    let known = ELEMENTS.iter().find(|(name, _)| *name == archimate).map(|(_, word)| (*word).to_owned());
    known.unwrap_or_else(|| "Grouping".to_owned())
}

const ELEMENTS: [(&str, &str); 62] = [
    ("Resource", "Strategy_Resource"),
    ("Capability", "Strategy_Capability"),
    ("ValueStream", "Strategy_ValueStream"),
    ("CourseOfAction", "Strategy_CourseOfAction"),
    ("BusinessActor", "Business_Actor"),
    ("BusinessRole", "Business_Role"),
    ("BusinessCollaboration", "Business_Collaboration"),
    ("BusinessInterface", "Business_Interface"),
    ("BusinessProcess", "Business_Process"),
    ("BusinessFunction", "Business_Function"),
    ("BusinessInteraction", "Business_Interaction"),
    ("BusinessEvent", "Business_Event"),
    ("BusinessService", "Business_Service"),
    ("BusinessObject", "Business_Object"),
    ("Contract", "Business_Contract"),
    ("Representation", "Business_Representation"),
    ("Product", "Business_Product"),
    ("ApplicationComponent", "Application_Component"),
    ("ApplicationCollaboration", "Application_Collaboration"),
    ("ApplicationInterface", "Application_Interface"),
    ("ApplicationFunction", "Application_Function"),
    ("ApplicationInteraction", "Application_Interaction"),
    ("ApplicationProcess", "Application_Process"),
    ("ApplicationEvent", "Application_Event"),
    ("ApplicationService", "Application_Service"),
    ("DataObject", "Application_DataObject"),
    ("Node", "Technology_Node"),
    ("Device", "Technology_Device"),
    ("SystemSoftware", "Technology_SystemSoftware"),
    ("TechnologyCollaboration", "Technology_Collaboration"),
    ("TechnologyInterface", "Technology_Interface"),
    ("Path", "Technology_Path"),
    ("CommunicationNetwork", "Technology_CommunicationNetwork"),
    ("TechnologyFunction", "Technology_Function"),
    ("TechnologyProcess", "Technology_Process"),
    ("TechnologyInteraction", "Technology_Interaction"),
    ("TechnologyEvent", "Technology_Event"),
    ("TechnologyService", "Technology_Service"),
    ("Artifact", "Technology_Artifact"),
    ("Equipment", "Physical_Equipment"),
    ("Facility", "Physical_Facility"),
    ("DistributionNetwork", "Physical_DistributionNetwork"),
    ("Material", "Physical_Material"),
    ("Stakeholder", "Motivation_Stakeholder"),
    ("Driver", "Motivation_Driver"),
    ("Assessment", "Motivation_Assessment"),
    ("Goal", "Motivation_Goal"),
    ("Outcome", "Motivation_Outcome"),
    ("Principle", "Motivation_Principle"),
    ("Requirement", "Motivation_Requirement"),
    ("Constraint", "Motivation_Constraint"),
    ("Meaning", "Motivation_Meaning"),
    ("Value", "Motivation_Value"),
    ("WorkPackage", "Implementation_WorkPackage"),
    ("Deliverable", "Implementation_Deliverable"),
    ("ImplementationEvent", "Implementation_Event"),
    ("Plateau", "Implementation_Plateau"),
    ("Gap", "Implementation_Gap"),
    ("Grouping", "Grouping"),
    ("Location", "Other_Location"),
    ("AndJunction", "Junction_And"),
    ("OrJunction", "Junction_Or"),
];

/// The macro of a relationship: its `ArchiMate` type, with the kind of access or the direction where there is one.
fn relationship_macro(model: &dyn Model, edge: &ShownEdge<'_>) -> String {
    let archimate = edge.kind.archimate.as_deref().unwrap_or("Association");
    let attribute = |name: &str| edge.relationship.attributes.get(model.metamodel().attribute_name(name)?);
    let ending = match archimate {
        "Access" => match attribute("access_type").and_then(Value::as_text) {
            Some("read") => "_r",
            Some("write") => "_w",
            Some("read_write") => "_rw",
            _ => "",
        },
        "Association" if attribute("directed") == Some(&Value::Boolean(true)) => "_dir",
        _ => "",
    };
    format!("Rel_{archimate}{ending}")
}

/// A text inside quotation marks, which `PlantUML` cannot escape; `<` and `!` begin nothing then.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '"' => out.push('”'),
            '<' => out.push('＜'),
            '>' => out.push('＞'),
            '\\' => out.push('＼'),
            '%' => out.push('％'),
            '$' => out.push('＄'),
            '!' => out.push('！'),
            '\n' | '\r' | '\t' => out.push(' '),
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}
