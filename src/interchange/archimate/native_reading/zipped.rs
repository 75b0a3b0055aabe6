//! Zipped files of Archi: `model.xml` and pictures.

use std::io::{Cursor, Read};

use super::super::document::Image;
use super::super::reading::Context;
use crate::interchange::place::Place;
use crate::interchange::source::Unreadable;
use crate::interchange::xml::XmlError;

/// The largest part of a zipped file, against what it takes packed: more is an attack and no picture.
const MOST_EXPANDED: u64 = 1_000;

/// The model and the pictures of a zipped file.
pub(in super::super) fn unpack(context: &Context<'_>, bytes: &[u8]) -> Result<(Vec<u8>, Vec<Image>), Unreadable> {
    let mut model = None;
    let mut images = Vec::new();
    for (name, content) in unpack_parts(context, bytes, |name| name == "model.xml" || name.starts_with("images/"))? {
        if name == "model.xml" {
            model = Some(content);
        } else {
            images.push(Image { path: name, bytes: content });
        }
    }
    images.sort_by(|a, b| a.path.cmp(&b.path));
    model.map(|model| (model, images)).ok_or_else(|| damaged(context, "there is no model.xml in it"))
}

/// The wanted parts of a zip file with their names, within the limits.
pub(in super::super) fn unpack_parts(
    context: &Context<'_>,
    bytes: &[u8],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Vec<u8>)>, Unreadable> {
    let wrong = |detail: String| damaged(context, &detail);
    let beyond = |setting: &str, limit: u64| Err(Unreadable::beyond(Place::file(context.file()), setting, limit));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| wrong(error.to_string()))?;
    if archive.len() > context.limits().items {
        return beyond("items", context.limits().items as u64);
    }
    let mut parts = Vec::new();
    let mut left = context.limits().unpacked_bytes;
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).map_err(|error| wrong(error.to_string()))?;
        let name = part.name().map_err(|error| wrong(error.to_string()))?.into_owned();
        if part.is_dir() || !wanted(&name) {
            continue;
        }
        let most = left.min(part.compressed_size().saturating_mul(MOST_EXPANDED).saturating_add(1 << 20));
        let content = read_part(&mut part, most).map_err(|error| wrong(error.to_string()))?;
        let Some(content) = content else { return beyond("unpacked_bytes", context.limits().unpacked_bytes) };
        left -= content.len() as u64;
        parts.push((name, content));
    }
    Ok(parts)
}

/// At most so many bytes; nothing if there are more.
fn read_part(part: &mut impl Read, most: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut content = Vec::new();
    part.take(most + 1).read_to_end(&mut content)?;
    Ok((content.len() as u64 <= most).then_some(content))
}

fn damaged(context: &Context<'_>, detail: &str) -> Unreadable {
    let japanese = format!("Archiの圧縮ファイルとして開けません（{detail}）");
    context.unreadable(XmlError::new("damaged_zip", 0, japanese, format!("this is no zipped file of Archi: {detail}")))
}
