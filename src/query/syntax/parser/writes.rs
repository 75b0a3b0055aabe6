//! Clauses that would change the graph: `CREATE` is read, the others are refused where they stand.

use super::{Context, Parsed, Parser};
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::syntax::keyword::Keyword;
use crate::query::syntax::tree::Write;

impl Parser<'_> {
    /// `CREATE patterns`.
    pub(super) fn create(&mut self) -> Parsed<Write> {
        if self.context.subquery || self.ahead(1).kind.is_name() && !self.names_a_path(1) {
            return Err(self.write_refused());
        }
        let span = self.advance().span();
        let context = Context { creates: true, ..self.context };
        let patterns = self.within(context, |parser| parser.list_of(Self::path_pattern))?;
        Ok(Write { keyword: Keyword::Create.as_str(), patterns, span })
    }

    /// The refusal of the clause that is next.
    pub(super) fn write_refused(&self) -> QueryError {
        let keyword = self.keyword().as_str();
        if self.context.subquery {
            let message = format!("{keyword} would change the model; a subquery only asks.");
            return self.syntax_here(ErrorDetail::InvalidClauseComposition, message);
        }
        let message = format!(
            "{keyword} would change the model; queries only ask. Changes go through change sets: \
             POST /api/v1/change-sets, or `ezu import FILE`."
        );
        QueryError::compile(ErrorKind::WriteRefused, ErrorDetail::WriteClause, self.token().span(), message)
    }
}
