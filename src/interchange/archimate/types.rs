//! The names of types in each format.

use super::document::TypeName;

/// The element types of `ArchiMate` 3.2 with the layer under which Archi files them; junctions included.
pub const ELEMENT_TYPES: [(&str, &str); 62] = [
    ("BusinessActor", "business"),
    ("BusinessRole", "business"),
    ("BusinessCollaboration", "business"),
    ("BusinessInterface", "business"),
    ("BusinessProcess", "business"),
    ("BusinessFunction", "business"),
    ("BusinessInteraction", "business"),
    ("BusinessEvent", "business"),
    ("BusinessService", "business"),
    ("BusinessObject", "business"),
    ("Contract", "business"),
    ("Representation", "business"),
    ("Product", "business"),
    ("ApplicationComponent", "application"),
    ("ApplicationCollaboration", "application"),
    ("ApplicationInterface", "application"),
    ("ApplicationFunction", "application"),
    ("ApplicationInteraction", "application"),
    ("ApplicationProcess", "application"),
    ("ApplicationEvent", "application"),
    ("ApplicationService", "application"),
    ("DataObject", "application"),
    ("Node", "technology"),
    ("Device", "technology"),
    ("SystemSoftware", "technology"),
    ("TechnologyCollaboration", "technology"),
    ("TechnologyInterface", "technology"),
    ("Path", "technology"),
    ("CommunicationNetwork", "technology"),
    ("TechnologyFunction", "technology"),
    ("TechnologyProcess", "technology"),
    ("TechnologyInteraction", "technology"),
    ("TechnologyEvent", "technology"),
    ("TechnologyService", "technology"),
    ("Artifact", "technology"),
    ("Equipment", "technology"),
    ("Facility", "technology"),
    ("DistributionNetwork", "technology"),
    ("Material", "technology"),
    ("Stakeholder", "motivation"),
    ("Driver", "motivation"),
    ("Assessment", "motivation"),
    ("Goal", "motivation"),
    ("Outcome", "motivation"),
    ("Principle", "motivation"),
    ("Requirement", "motivation"),
    ("Constraint", "motivation"),
    ("Meaning", "motivation"),
    ("Value", "motivation"),
    ("Resource", "strategy"),
    ("Capability", "strategy"),
    ("CourseOfAction", "strategy"),
    ("ValueStream", "strategy"),
    ("WorkPackage", "implementation_migration"),
    ("Deliverable", "implementation_migration"),
    ("ImplementationEvent", "implementation_migration"),
    ("Plateau", "implementation_migration"),
    ("Gap", "implementation_migration"),
    ("Grouping", "other"),
    ("Location", "other"),
    ("AndJunction", "other"),
    ("OrJunction", "other"),
];

/// The relationship types of `ArchiMate` 3.2.
pub const RELATIONSHIP_TYPES: [&str; 11] = [
    "Composition",
    "Aggregation",
    "Assignment",
    "Realization",
    "Serving",
    "Access",
    "Influence",
    "Triggering",
    "Flow",
    "Specialization",
    "Association",
];

/// Types of `ArchiMate` 2.1 that 3.0 renamed (3.2 appendix E).
const RENAMED: [(&str, &str); 9] = [
    ("InfrastructureService", "TechnologyService"),
    ("InfrastructureFunction", "TechnologyFunction"),
    ("InfrastructureInterface", "TechnologyInterface"),
    ("CommunicationPath", "Path"),
    ("Network", "CommunicationNetwork"),
    ("Junction", "AndJunction"),
    ("UsedBy", "Serving"),
    ("Realisation", "Realization"),
    ("Specialisation", "Specialization"),
];

/// Archi's folders: what each holds, and its name.
pub const FOLDERS: [(&str, &str); 9] = [
    ("strategy", "Strategy"),
    ("business", "Business"),
    ("application", "Application"),
    ("technology", "Technology & Physical"),
    ("motivation", "Motivation"),
    ("implementation_migration", "Implementation & Migration"),
    ("other", "Other"),
    ("relations", "Relations"),
    ("diagrams", "Views"),
];

/// Archi's names of viewpoints, and those of the exchange format (3.2 appendix C).
const VIEWPOINTS: [(&str, &str); 25] = [
    ("organization", "Organization"),
    ("business_process_cooperation", "Business Process Cooperation"),
    ("product", "Product"),
    ("application_cooperation", "Application Cooperation"),
    ("application_structure", "Application Structure"),
    ("application_usage", "Application Usage"),
    ("implementation_deployment", "Implementation and Deployment"),
    ("technology", "Technology"),
    ("technology_usage", "Technology Usage"),
    ("information_structure", "Information Structure"),
    ("service_realization", "Service Realization"),
    ("physical", "Physical"),
    ("layered", "Layered"),
    ("stakeholder", "Stakeholder"),
    ("goal_realization", "Goal Realization"),
    ("requirements_realization", "Requirements Realization"),
    ("motivation", "Motivation"),
    ("strategy", "Strategy"),
    ("capability", "Capability Map"),
    ("value_stream", "Value Stream"),
    ("outcome_realization", "Outcome Realization"),
    ("resource", "Resource Map"),
    ("project", "Project"),
    ("migration", "Migration"),
    ("implementation_migration", "Implementation and Migration"),
];

/// The element type of a name, old names included; the same name back if nobody knows it.
pub fn element_type(name: &str) -> TypeName {
    let current = current_name(name);
    match ELEMENT_TYPES.iter().find(|(known, _)| *known == current) {
        Some((known, _)) => TypeName::Borrowed(known),
        None => TypeName::Owned(name.to_owned()),
    }
}

/// The relationship type of a name, with or without the word `Relationship`.
pub fn relationship_type(name: &str) -> TypeName {
    let short = name.strip_suffix("Relationship").unwrap_or(name);
    let current = current_name(short);
    match RELATIONSHIP_TYPES.iter().find(|known| **known == current) {
        Some(known) => TypeName::Borrowed(known),
        None => TypeName::Owned(name.to_owned()),
    }
}

fn current_name(name: &str) -> &str {
    RENAMED.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new)
}

/// Whether an element type is one of `ArchiMate` 3.2.
pub fn is_element_type(name: &str) -> bool {
    ELEMENT_TYPES.iter().any(|(known, _)| *known == name)
}

/// Whether a relationship type is one of `ArchiMate` 3.2.
pub fn is_relationship_type(name: &str) -> bool {
    RELATIONSHIP_TYPES.contains(&name)
}

/// What Archi's folder for an element type holds.
pub fn folder_of(element_type: &str) -> &'static str {
    ELEMENT_TYPES.iter().find(|(known, _)| *known == element_type).map_or("other", |(_, folder)| folder)
}

/// The exchange format's name of one of Archi's viewpoints; the same name back if nobody knows it.
pub fn viewpoint_name(archi: &str) -> String {
    VIEWPOINTS.iter().find(|(known, _)| *known == archi).map_or(archi, |(_, name)| name).to_owned()
}

/// Archi's name of a viewpoint of the exchange format; the same name back if nobody knows it.
pub fn viewpoint_id(name: &str) -> String {
    VIEWPOINTS.iter().find(|(_, known)| *known == name).map_or(name, |(archi, _)| archi).to_owned()
}
