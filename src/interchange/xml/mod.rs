//! XML for every format that is written in it: hostile input in, well-formed text out.
//!
//! Invariant: no document type declaration is accepted, so that no entity but the five of XML 1.0 §4.6 exists, and
//! nothing outside the file is ever looked for.

mod decoding;
mod error;
mod reader;
mod tree;
mod writer;

pub use decoding::decode;
pub use error::XmlError;
pub use reader::{XmlEvent, XmlLimits, XmlReader};
pub use tree::{XmlAttribute, XmlElement, XmlName, XmlNode};
pub use writer::XmlWriter;

/// The namespace of the prefix `xml` (Namespaces in XML 1.0 §3).
pub const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";
/// The namespace of `xsi:type` (XML Schema 1.0 part 1 §2.6).
pub const XSI_NAMESPACE: &str = "http://www.w3.org/2001/XMLSchema-instance";
