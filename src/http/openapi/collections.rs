//! The operations of each kind's collection.

use serde_json::{Map, Value as Json, json};

use super::samples::{Sample, Samples};
use super::schemas::{item, schema_name};
use crate::domain::metamodel::{Kind, Metamodel};

/// Adds a collection for each kind that has one.
pub(super) fn add(document: &mut Json, metamodel: &Metamodel, samples: &Samples) {
    for kind in metamodel.kinds().iter().filter(|kind| !kind.is_abstract) {
        let Some(collection) = kind.rest_collection() else {
            continue;
        };
        let name = schema_name(kind);
        document["components"]["schemas"][&name] = item(metamodel, kind);
        let operations =
            Operations { kind, collection: &collection, schema: &name, sample: samples.of(metamodel, kind) };
        let create = samples.exactly(kind);
        let path = format!("/api/v1/{collection}");
        document["paths"][&path] = json!({"get": operations.list(), "post": operations.create(create)});
        // An item of a kind without an example in the city is served at /elements/{id} all the same.
        if let Some(sample) = operations.sample {
            document["paths"][format!("{path}/{{id}}")] = json!({
                "get": operations.get(sample),
                "patch": operations.update(sample),
                "delete": operations.delete(sample),
            });
        }
    }
}

struct Operations<'a> {
    kind: &'a Kind,
    collection: &'a str,
    schema: &'a str,
    sample: Option<&'a Sample>,
}

impl Operations<'_> {
    fn operation(&self, verb: &str, summary: &str, description: &str, parameters: Json, responses: Json) -> Json {
        json!({
            "tags": [self.collection],
            "operationId": format!("{verb}_{}", self.kind.name),
            "summary": summary,
            "description": description,
            "parameters": parameters,
            "responses": responses,
        })
    }

    fn labels(&self) -> String {
        format!("{} / {}", self.kind.label.get("ja"), self.kind.label.get("en"))
    }

    fn list(&self) -> Json {
        let page = json!({
            "type": "object",
            "properties": {
                "items": {"type": "array", "items": {"$ref": format!("#/components/schemas/{}", self.schema)}},
                "next_cursor": {"type": ["string", "null"]},
                "revision": {"type": "integer", "minimum": 0},
            },
            "required": ["items", "revision"],
        });
        let parameters = json!([
            query("limit", json!({"type": "integer", "minimum": 1, "maximum": 1000}), "Items on a page", json!(20)),
            query("cursor", json!({"type": "string"}), "`next_cursor` of the page before", Json::Null),
            query("sort", json!({"type": "string"}), "A field; `-` before it turns the order round", json!("id")),
            query(
                "fields",
                json!({"type": "string"}),
                "Only these attributes and groups, separated by commas",
                Json::Null
            ),
        ]);
        let description = "Sorted by id unless asked otherwise. Every attribute is a filter, also with a comparison: \
                           `attribute[lte]=24`; kinds that specialise this one are included.";
        let responses = json!({"200": {"description": "A page", "content": {"application/json": {"schema": page}}}});
        self.operation("list", &format!("List: {}", self.labels()), description, parameters, responses)
    }

    fn create(&self, sample: Option<&Sample>) -> Json {
        let mut properties = json!({
            "id": {"type": "string"},
            "attributes": self.attributes_ref(),
            "change": {"$ref": "#/components/schemas/ChangeNote"},
        });
        let mut required = vec!["id"];
        if self.kind.has_own_name() || self.kind.is_relationship() {
            properties["name"] = json!({"type": "string"});
        }
        if self.kind.has_own_name() && !self.kind.name_is_optional {
            required.push("name");
        }
        if self.kind.is_relationship() {
            properties["source"] = json!({"type": "string"});
            properties["target"] = json!({"type": "string"});
            required = vec!["source", "target"];
        }
        let body =
            json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false});
        let responses = json!({"201": committed("Accepted, on stable storage"), "200": dry_run()});
        let mut operation = self.operation(
            "create",
            &format!("Create: {}", self.labels()),
            "A change set of one operation. With `change.dry_run` it is only tried.",
            json!([]),
            responses,
        );
        operation["requestBody"] = request_body(body, self.creation_example(sample));
        operation
    }

    /// A copy of an item of the city under another id, tried only.
    fn creation_example(&self, sample: Option<&Sample>) -> Json {
        let mut example = Map::new();
        let id = format!("{}-example", self.kind.name.replace('_', "-"));
        example.insert("id".into(), id.into());
        if self.kind.has_own_name() {
            let name = sample.and_then(|sample| sample.name.clone());
            example.insert("name".into(), name.unwrap_or_else(|| self.kind.label.get("ja").to_owned()).into());
        }
        if self.kind.is_relationship() {
            let ends = sample.and_then(|sample| sample.ends.clone());
            let (source, target) = ends.unwrap_or_else(|| ("sys-juki".to_owned(), "sys-cs".to_owned()));
            example.insert("source".into(), source.into());
            example.insert("target".into(), target.into());
        }
        if let Some(sample) = sample {
            let mut attributes = sample.attributes.clone();
            // A part belongs to one owner.
            attributes.retain(|name, _| {
                self.kind.attribute_named(name).and_then(|held| held.reference()?.owned.as_ref()).is_none()
            });
            example.insert("attributes".into(), Json::Object(attributes));
        }
        example.insert("change".into(), json!({"message": "試し / a trial", "dry_run": true}));
        Json::Object(example)
    }

    fn attributes_ref(&self) -> Json {
        json!({"$ref": format!("#/components/schemas/{}/properties/attributes", self.schema)})
    }

    fn get(&self, sample: &Sample) -> Json {
        let schema = json!({"$ref": format!("#/components/schemas/{}", self.schema)});
        let responses = json!({
            "200": {"description": "The item", "content": {"application/json": {"schema": schema}}},
            "304": {"description": "Not changed since the `If-None-Match` given"},
        });
        let description = "Its `ETag` is for `If-Match` and `If-None-Match`.";
        self.operation("get", &format!("Get: {}", self.labels()), description, json!([path_id(sample)]), responses)
    }

    fn update(&self, sample: &Sample) -> Json {
        let mut properties =
            json!({"attributes": {"type": "object"}, "change": {"$ref": "#/components/schemas/ChangeNote"}});
        if self.kind.has_own_name() || self.kind.is_relationship() {
            properties["name"] = json!({"type": "string"});
        }
        let body = json!({"type": "object", "properties": properties, "additionalProperties": false});
        let example = json!({
            "attributes": {"aliases": ["別名"]},
            "change": {"message": "別名を記録 / record an alias", "author": "dept-joho", "dry_run": true},
        });
        let responses = json!({"201": committed("Accepted, on stable storage"), "200": dry_run()});
        let mut operation = self.operation(
            "update",
            &format!("Update: {}", self.labels()),
            "What is `null` is removed, what is absent stays (RFC 7396). A reference attribute is replaced whole.",
            json!([path_id(sample)]),
            responses,
        );
        operation["requestBody"] = request_body(body, example);
        operation
    }

    fn delete(&self, sample: &Sample) -> Json {
        let parameters = json!([
            path_id(sample),
            query("cascade", json!({"type": "boolean"}), "Whether what touches it goes too", json!(true)),
            query("dry_run", json!({"type": "boolean"}), "Whether to try only", json!(true)),
            query("message", json!({"type": "string"}), "What is done, for people", Json::Null),
            query("author", json!({"type": "string"}), "Who does it, as stated", Json::Null),
            query("reason", json!({"type": "string"}), "Why", Json::Null),
            query("source", json!({"type": "string"}), "Where it was learnt", Json::Null),
            query(
                "base_revision",
                json!({"type": "integer", "minimum": 0}),
                "The revision that the author had seen",
                Json::Null
            ),
        ]);
        let description = "Refused with the list when others point to it, unless `cascade`.";
        let responses = json!({"201": committed("Deleted, on stable storage"), "200": dry_run()});
        self.operation("delete", &format!("Delete: {}", self.labels()), description, parameters, responses)
    }
}

fn request_body(schema: Json, example: Json) -> Json {
    json!({"required": true, "content": {"application/json": {"schema": schema, "example": example}}})
}

fn committed(description: &str) -> Json {
    let schema = json!({"$ref": "#/components/schemas/CommittedBody"});
    json!({"description": description, "content": {"application/json": {"schema": schema}}})
}

fn dry_run() -> Json {
    let schema = json!({"$ref": "#/components/schemas/DryRunBody"});
    json!({"description": "What it would do (`dry_run`)", "content": {"application/json": {"schema": schema}}})
}

fn path_id(sample: &Sample) -> Json {
    json!({"name": "id", "in": "path", "required": true, "description": "Its id", "schema": {"type": "string"}, "example": sample.id})
}

/// A query parameter.
pub(super) fn query(name: &str, schema: Json, description: &str, example: Json) -> Json {
    let mut parameter =
        json!({"name": name, "in": "query", "required": false, "description": description, "schema": schema});
    if !example.is_null() {
        parameter["example"] = example;
    }
    parameter
}
