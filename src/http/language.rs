//! Which language the caller reads.

use actix_web::HttpRequest;
use actix_web::http::header;

/// Japanese unless the caller prefers English (`Accept-Language`, RFC 9110 §12.5.4).
pub fn language(request: &HttpRequest) -> &'static str {
    let header = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    preferred(header.unwrap_or(""))
}

fn preferred(header: &str) -> &'static str {
    let mut best: Option<(f32, &'static str)> = None;
    for range in header.split(',') {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok()).unwrap_or(0.0);
        let known = match tag.trim().split('-').next().unwrap_or("").to_ascii_lowercase().as_str() {
            "ja" => "ja",
            "en" => "en",
            _ => continue,
        };
        if weight > 0.0 && best.is_none_or(|(held, _)| weight > held) {
            best = Some((weight, known));
        }
    }
    best.map_or("ja", |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_decide_and_japanese_is_the_default() {
        for (header, language) in [
            ("", "ja"),
            ("en", "en"),
            ("fr,en;q=0.5", "en"),
            ("en;q=0.4,ja;q=0.8", "ja"),
            ("en-US,en;q=0.9,ja;q=0.1", "en"),
            ("de", "ja"),
            ("en;q=0", "ja"),
        ] {
            assert_eq!(preferred(header), language, "{header}");
        }
    }
}
