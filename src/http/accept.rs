//! Which form the caller would rather have.

use actix_web::HttpRequest;
use actix_web::http::header;

/// The media type that `Accept` names first, without parameters; empty when there is none. Weights are not looked at:
/// whoever names several gets the first (RFC 9110 §12.5.1 lets a server choose).
pub fn first_accepted(request: &HttpRequest) -> &str {
    let accept = request.headers().get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or("");
    accept.split([',', ';']).next().unwrap_or("").trim()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_first_without_its_parameters() {
        let of = |accept: &str| {
            let request = TestRequest::default().insert_header((header::ACCEPT, accept)).to_http_request();
            first_accepted(&request).to_owned()
        };
        assert_eq!(of("text/csv;charset=utf-8, application/json"), "text/csv");
        assert_eq!(of(" image/png , */*;q=0.1"), "image/png");
        assert_eq!(of(""), "");
        assert_eq!(first_accepted(&TestRequest::default().to_http_request()), "");
    }
}
