//! Which names are known where.

use std::sync::Arc;

use super::bound::{Names, Variable, VariableInfo};
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::tree::Name;
use crate::query::types::Type;

/// The names in scope, the newest last.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    names: Vec<(Arc<str>, Variable)>,
}

impl Scope {
    /// The variable of a name.
    pub fn find(&self, name: &str) -> Option<Variable> {
        self.names.iter().rev().find(|(held, _)| **held == *name).map(|(_, variable)| *variable)
    }

    /// Makes a name known.
    pub fn add(&mut self, name: Arc<str>, variable: Variable) {
        self.names.push((name, variable));
    }

    /// How many names there are, for [`Scope::cut`].
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Forgets the names that were added since there were `len`.
    pub fn cut(&mut self, len: usize) {
        self.names.truncate(len);
    }

    /// The names in the order in which they came, each once with its newest variable.
    pub fn visible(&self) -> Vec<(Arc<str>, Variable)> {
        let mut seen: Vec<(Arc<str>, Variable)> = Vec::with_capacity(self.names.len());
        for (name, variable) in &self.names {
            match seen.iter_mut().find(|(held, _)| held == name) {
                Some(entry) => entry.1 = *variable,
                None => seen.push((Arc::clone(name), *variable)),
            }
        }
        seen
    }

    /// The variables in scope.
    pub fn variables(&self) -> Vec<Variable> {
        self.visible().into_iter().map(|(_, variable)| variable).collect()
    }

    /// The error for a name that is not known, with the nearest one that is.
    pub fn undefined(&self, name: &Name) -> QueryError {
        let hint = crate::domain::nearest::hint(&name.text, self.names.iter().map(|(held, _)| &**held));
        QueryError::syntax(
            ErrorDetail::UndefinedVariable,
            name.span,
            format!("the variable {} is not defined here{hint}", name.text),
        )
    }
}

impl Names {
    /// A new variable.
    pub fn variable(&mut self, name: &str, value_type: Type) -> Variable {
        let number = u32::try_from(self.variables.len()).unwrap_or(u32::MAX);
        self.variables.push(VariableInfo { name: name.into(), value_type });
        Variable(number)
    }

    /// The number of a parameter.
    pub fn parameter(&mut self, name: &Arc<str>) -> usize {
        if let Some(number) = self.parameters.iter().position(|held| held == name) {
            return number;
        }
        self.parameters.push(Arc::clone(name));
        self.parameters.len() - 1
    }

    /// The type of a variable.
    pub fn type_of(&self, variable: Variable) -> &Type {
        &self.variables[variable.index()].value_type
    }
}
