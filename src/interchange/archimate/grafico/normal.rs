//! coArchi's files and Archi's own file say the same in two ways: one becomes the other.
//!
//! coArchi uses the names of Archi's classes and features as they are (`archimate.ecore`), and refers to other files by
//! `href`; Archi's own file has shorter names and refers by identifiers.

use crate::interchange::xml::{XmlElement, XmlNode};

/// Children by their name in coArchi's files and in Archi's own.
pub(super) const CHILDREN: [(&str, &str); 7] = [
    ("children", "child"),
    ("sourceConnections", "sourceConnection"),
    ("bendpoints", "bendpoint"),
    ("properties", "property"),
    ("features", "feature"),
    ("entries", "entry"),
    ("folders", "folder"),
];

/// References by their name in coArchi's files and in Archi's own.
pub(super) const REFERENCES: [(&str, &str); 5] = [
    ("archimateElement", "archimateElement"),
    ("archimateRelationship", "archimateRelationship"),
    ("referencedModel", "model"),
    ("source", "source"),
    ("target", "target"),
];

/// The model's own file; profiles are declared in it.
pub(super) fn model(tree: XmlElement) -> XmlElement {
    let mut tree = tree;
    for child in &mut tree.children {
        if let XmlNode::Element(child) = child
            && child.local() == "profiles"
        {
            child.name.local = "profile".into();
        }
    }
    self::tree(tree)
}

/// Any other file.
pub(super) fn tree(mut tree: XmlElement) -> XmlElement {
    let mut profiles = Vec::new();
    let children = std::mem::take(&mut tree.children);
    for node in children {
        let XmlNode::Element(mut child) = node else {
            tree.children.push(node);
            continue;
        };
        let href = child.attribute("href").map(|href| href.rsplit('#').next().unwrap_or_default().to_owned());
        let reference = REFERENCES.iter().find(|(name, _)| *name == child.local());
        match (href, reference) {
            (Some(id), Some((_, name))) => tree.set(name, id),
            (Some(id), None) if child.local() == "profiles" => profiles.push(id),
            _ => {
                if let Some((_, name)) = CHILDREN.iter().find(|(name, _)| *name == child.local()) {
                    child.name.local = (*name).into();
                }
                tree.children.push(XmlNode::Element(self::tree(child)));
            }
        }
    }
    if !profiles.is_empty() {
        tree.set("profiles", profiles.join(" "));
    }
    tree
}
