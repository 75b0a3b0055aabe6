//! Query parameters, each asked for by name; what nobody asked for is refused.

use actix_web::HttpRequest;
use jiff::civil::Date;

use super::problem::Problem;
use crate::application::ViewRequest;
use crate::domain::nearest;

/// The parameters of one request.
#[derive(Debug)]
pub struct Query {
    pairs: Vec<(String, String)>,
    asked: Vec<&'static str>,
}

impl Query {
    /// Decodes the query string.
    ///
    /// # Errors
    /// When it is no UTF-8 or a parameter is given twice.
    pub fn of(request: &HttpRequest) -> Result<Self, Problem> {
        Self::parse(request.query_string())
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for piece in text.split('&').filter(|piece| !piece.is_empty()) {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            let (name, value) = (decode(name)?, decode(value)?);
            if pairs.iter().any(|(held, _)| *held == name) {
                return Err(Problem::parameter(&name, "given twice; separate several values by commas"));
            }
            pairs.push((name, value));
        }
        Ok(Self { pairs, asked: Vec::new() })
    }

    /// A parameter's value.
    pub fn take(&mut self, name: &'static str) -> Option<String> {
        self.asked.push(name);
        let place = self.pairs.iter().position(|(held, _)| held == name)?;
        Some(self.pairs.remove(place).1)
    }

    /// All parameters whose names begin with a prefix, by the rest of their names.
    pub fn take_prefixed(&mut self, prefix: &str) -> Vec<(String, String)> {
        let (taken, left) = std::mem::take(&mut self.pairs).into_iter().partition(|(name, _)| name.starts_with(prefix));
        self.pairs = left;
        let taken: Vec<(String, String)> = taken;
        taken.into_iter().map(|(name, value)| (name[prefix.len()..].to_owned(), value)).collect()
    }

    /// A parameter that must be there.
    pub fn required(&mut self, name: &'static str) -> Result<String, Problem> {
        self.take(name).filter(|value| !value.is_empty()).ok_or_else(|| Problem::parameter(name, "is missing"))
    }

    /// A whole number within limits.
    pub fn number(&mut self, name: &'static str, least: usize, most: usize) -> Result<Option<usize>, Problem> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        let number = text.parse::<usize>().ok().filter(|number| (least..=most).contains(number));
        number
            .map(Some)
            .ok_or_else(|| Problem::parameter(name, format!("{text:?} is no whole number from {least} to {most}")))
    }

    /// A revision.
    pub fn revision(&mut self, name: &'static str) -> Result<Option<u64>, Problem> {
        let Some(text) = self.take(name) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| Problem::parameter(name, format!("{text:?} is no revision")))
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Result<bool, Problem> {
        match self.take(name).as_deref() {
            None | Some("false") => Ok(false),
            Some("true" | "") => Ok(true),
            Some(other) => Err(Problem::parameter(name, format!("{other:?} is neither true nor false"))),
        }
    }

    /// Values separated by commas; empty when absent.
    pub fn list(&mut self, name: &'static str) -> Vec<String> {
        let text = self.take(name).unwrap_or_default();
        text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// `at` and `revision`.
    pub fn view(&mut self) -> Result<ViewRequest, Problem> {
        let at = match self.take("at") {
            None => None,
            Some(text) => Some(parse_date("at", &text)?),
        };
        Ok(ViewRequest { at, revision: self.revision("revision")? })
    }

    /// What nobody asked for: the filters of a list.
    pub fn rest(&mut self) -> Vec<(String, String)> {
        std::mem::take(&mut self.pairs)
    }

    /// Refuses what nobody asked for.
    pub fn finish(self) -> Result<(), Problem> {
        match self.pairs.first() {
            None => Ok(()),
            Some((name, _)) => {
                let hint = nearest::hint(name, self.asked.iter().copied());
                let known = if self.asked.is_empty() { "none".to_owned() } else { self.asked.join(", ") };
                Err(Problem::parameter(name, format!("is not known here{hint} (known: {known})")))
            }
        }
    }
}

/// A date such as `2026-11-01`.
pub fn parse_date(name: &str, text: &str) -> Result<Date, Problem> {
    let date = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    date.ok_or_else(|| Problem::parameter(name, format!("{text:?} is no date such as 2026-11-01")))
}

fn decode(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
    decoded.map(Into::into).map_err(|_| Problem::parameter(text, "is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asked_for_is_refused_with_a_hint() {
        let mut query = Query::parse("limit=3&at=2026-11-01&fieldz=a").expect("well formed");
        assert_eq!(query.number("limit", 1, 10).expect("in range"), Some(3));
        assert!(query.view().expect("a date").at.is_some());
        query.take("fields");
        let problem = query.finish().expect_err("unknown");
        assert!(problem.detail.contains("did you mean \"fields\"?"), "{problem}");
    }

    #[test]
    fn wrong_values_are_told_apart() {
        assert!(Query::parse("a=1&a=2").is_err());
        assert!(Query::parse("a=%ff").is_err());
        let query = |text| Query::parse(text).expect("well formed");
        assert!(query("limit=0").number("limit", 1, 10).is_err());
        assert!(query("limit=-1").number("limit", 1, 10).is_err());
        assert!(query("at=2026-02-30").view().is_err());
        assert!(query("revision=x").view().is_err());
        assert_eq!(query("subjects=a, b,,c").list("subjects"), ["a", "b", "c"]);
    }
}
