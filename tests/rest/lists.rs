//! Filters, order, fields and pages.

use serde_json::Value as Json;

use crate::support::{Service, shared_city};

fn ids(page: &Json) -> Vec<String> {
    page["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{page}"))
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// All pages of a list.
fn all(service: &Service, path: &str) -> Vec<String> {
    let separator = if path.contains('?') { '&' } else { '?' };
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = service.get(&format!("{path}{separator}limit=7{cursor}")).json();
        assert!(ids(&page).len() <= 7);
        found.extend(ids(&page));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

#[test]
fn the_city_has_its_counts() {
    let service = shared_city();
    // Domain §5.2; departments and divisions are one kind.
    for (collection, count) in [
        ("systems", 161),
        ("business-processes", 145),
        ("data-objects", 107),
        ("data-flows", 406),
        ("vendors", 24),
        ("projects", 20),
        ("hearings", 28),
        ("issues", 75),
        ("risks", 20),
        ("pias", 18),
        ("adoptions", 23),
        ("departments", 66),
        ("persons", 216),
        ("function-codes", 61),
        ("process-steps", 99),
        ("controls", 27),
    ] {
        let page = service.get(&format!("/api/v1/{collection}?limit=1000")).json();
        assert_eq!(ids(&page).len(), count, "{collection}");
    }
    assert_eq!(ids(&service.get("/api/v1/pia").json()).len(), 18, "another spelling is served alike");
}

#[test]
fn pages_join_into_the_whole_list_in_every_order() {
    let service = shared_city();
    let whole = ids(&service.get("/api/v1/systems?limit=1000").json());
    let mut sorted = whole.clone();
    sorted.sort();
    assert_eq!(whole, sorted);
    assert_eq!(all(service, "/api/v1/systems"), whole);
    for order in ["name", "-name", "annual_cost_kyen", "-annual_cost_kyen", "contract_end", "-contract_end"] {
        let whole = ids(&service.get(&format!("/api/v1/systems?limit=1000&sort={order}")).json());
        assert_eq!(all(service, &format!("/api/v1/systems?sort={order}")), whole, "{order}");
        assert_eq!(whole.len(), 161);
    }
    let costs = service.get("/api/v1/systems?limit=1000&sort=-annual_cost_kyen").json();
    let costs: Vec<i64> = costs["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|s| s["attributes"]["annual_cost_kyen"].as_i64())
        .collect();
    assert!(costs.windows(2).all(|pair| pair[0] >= pair[1]));
}

#[test]
fn filters_agree_with_a_scan() {
    let service = shared_city();
    let everything = service.get("/api/v1/systems?limit=1000").json();
    let scan = |passes: &dyn Fn(&Json) -> bool| -> Vec<String> {
        let items = everything["items"].as_array().expect("a list").iter();
        items
            .filter(|item| passes(&item["attributes"]))
            .map(|item| item["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let rto = |a: &Json| a["availability"]["rto_hours"].as_i64();
    let has = |list: &Json, id: &str| list.as_array().is_some_and(|list| list.iter().any(|entry| entry == id));
    let asked = |filter: &str| ids(&service.get(&format!("/api/v1/systems?limit=1000&{filter}")).json());
    assert_eq!(asked("owner_department=dept-shimin"), scan(&|a| a["owner_department"] == "dept-shimin"));
    assert_eq!(asked("availability.rto_hours[lte]=24"), scan(&|a| rto(a).is_some_and(|rto| rto <= 24)));
    assert_eq!(
        asked("availability.rto_hours[gt]=24&zone=zone-lgwan"),
        scan(&|a| rto(a).is_some_and(|rto| rto > 24) && a["zone"] == "zone-lgwan")
    );
    assert_eq!(
        asked("contract_end[lt]=2027-04-01"),
        scan(&|a| a["contract_end"].as_str().is_some_and(|end| end < "2027-04-01"))
    );
    assert_eq!(asked("contract_end[exists]=false"), scan(&|a| a["contract_end"].is_null()));
    assert_eq!(asked("availability.redundant=false"), scan(&|a| a["availability"]["redundant"] == false));
    assert_eq!(
        asked("runs_on=inf-vm-old,inf-govcloud"),
        scan(&|a| has(&a["runs_on"], "inf-vm-old") || has(&a["runs_on"], "inf-govcloud"))
    );
    assert_eq!(asked("type[ne]=package"), scan(&|a| a["type"] != "package"));
    assert!(asked("name[contains]=%E4%BD%8F%E6%B0%91").contains(&"sys-juki".to_owned()));
}

#[test]
fn fields_narrow_what_is_sent() {
    let page = shared_city().get("/api/v1/systems?limit=1&fields=owner_department,availability.rto_hours").json();
    let attributes = page["items"][0]["attributes"].as_object().expect("attributes");
    assert_eq!(attributes.keys().collect::<Vec<_>>(), ["owner_department", "availability"]);
    assert!(page["items"][0].get("name").is_none());
}

#[test]
fn wrong_parameters_are_named() {
    let service = shared_city();
    for (query, code, part) in [
        ("limit=0", "invalid_parameter", "limit"),
        ("limit=1001", "invalid_parameter", "limit"),
        ("limit=x", "invalid_parameter", "limit"),
        ("cursor=abc", "invalid_cursor", ""),
        ("sort=nothing", "invalid_parameter", "sort"),
        ("fields=nothing", "invalid_parameter", "fields"),
        ("owner_dept=dept-x", "invalid_parameter", "owner_department"),
        ("availability.rto_hours[lte]=soon", "invalid_parameter", "rto_hours"),
        ("availability.rto_hours[near]=3", "invalid_parameter", "near"),
        ("at=yesterday", "invalid_parameter", "at"),
        ("revision=99", "not_found", "99"),
    ] {
        let answer = service.get(&format!("/api/v1/systems?{query}"));
        assert_eq!(answer.code(), code, "{query}");
        assert!(answer.text.contains(part), "{query}: {}", answer.text);
    }
    let cursor = service.get("/api/v1/systems?limit=2").json()["next_cursor"].as_str().expect("more").to_owned();
    assert_eq!(service.get(&format!("/api/v1/departments?cursor={cursor}")).code(), "invalid_cursor");
    assert_eq!(service.get(&format!("/api/v1/systems?sort=name&cursor={cursor}")).code(), "invalid_cursor");
}
