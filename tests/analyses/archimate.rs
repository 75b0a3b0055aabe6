//! A plain `ArchiMate` model, without the municipal profile: the base kinds say what a change means.

use std::collections::BTreeMap;

use crate::support::{ARCHIMATE, ask, effects_only, model};

const PLAIN: &str = "
application_components:
- {id: app, name: App}
- {id: part, name: Part}
- {id: receiver, name: Receiver}
- {id: helper, name: Helper}
application_functions:
- {id: function, name: Function}
application_services:
- {id: service, name: Service}
business_processes:
- {id: process, name: Process}
- {id: next, name: Next}
- {id: reader, name: Reader}
data_objects:
- {id: data, name: Data}
goals:
- {id: goal, name: Goal}
relationships:
- {kind: composition, source: app, target: part}
- {kind: assignment, source: app, target: function}
- {kind: realization, source: function, target: service}
- {kind: serving, source: service, target: process}
- {kind: triggering, source: process, target: next}
- {kind: access, source: function, target: data, access_type: write}
- {kind: access, source: reader, target: data, access_type: read}
- {kind: flow, source: app, target: receiver}
- {kind: flow, source: receiver, target: helper}
- {kind: association, source: app, target: goal}
";

#[test]
fn a_stop_follows_the_base_kinds() {
    let report = ask(&model(&[ARCHIMATE], PLAIN), "stop", &["app"]);
    let expected = BTreeMap::from([
        ("part", "stopped"),     // composition: without the whole no part
        ("function", "stopped"), // assignment: who performs it is gone
        ("service", "stopped"),  // realization
        ("process", "stopped"),  // serving
        ("next", "starved"),     // triggering: nothing sets it off
        ("data", "starved"),     // access: nobody writes it
        ("reader", "impaired"),  // access: reads what nobody writes
        ("receiver", "starved"), // flow, one hop: the helper still gets what the receiver has
    ]);
    assert_eq!(effects_only(&report), expected);
}

#[test]
fn a_part_that_stops_leaves_the_whole_limping() {
    let report = ask(&model(&[ARCHIMATE], PLAIN), "stop", &["part"]);
    assert_eq!(effects_only(&report), BTreeMap::from([("app", "impaired")]));
}

#[test]
fn a_replacement_touches_the_neighbours_and_the_flows() {
    let report = ask(&model(&[ARCHIMATE], PLAIN), "replace", &["receiver"]);
    let expected = BTreeMap::from([
        ("app--flow--receiver", "changed"),
        ("receiver--flow--helper", "changed"),
        ("app", "changed"),
        ("helper", "changed"),
    ]);
    assert_eq!(effects_only(&report), expected);
}
