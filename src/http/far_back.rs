//! A revision from before the newest checkpoint is read from the ledger before a handler asks for it, so that no
//! other request waits behind that.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;

use super::resources::in_background;
use super::state::Shared;
use crate::application::ViewRequest;

/// Makes the revision that `revision=` names ready. What is wrong with it is for the handler to say.
pub async fn read_past_first(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let revision = revision_of(request.query_string());
    if let (Some(state), Some(revision)) = (request.app_data::<Shared>().cloned(), revision)
        && state.workspace.is_far_back(revision)
    {
        let shared = state.clone();
        let read = move || drop(shared.workspace.view(ViewRequest { revision: Some(revision), at: None }));
        in_background(&state, read).await?;
    }
    next.call(request).await
}

fn revision_of(query: &str) -> Option<u64> {
    query.split('&').find_map(|pair| pair.strip_prefix("revision=")?.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_revision_that_is_a_number_is_read_first() {
        assert_eq!(revision_of("at=2026-01-01&revision=12"), Some(12));
        assert_eq!((revision_of("revision=x"), revision_of(""), revision_of("base_revision=3")), (None, None, None));
    }
}
