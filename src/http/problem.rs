//! Every refusal is a problem (RFC 9457) with a stable code.

use std::fmt;

use actix_web::body::BoxBody;
use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::application::{OpenError, RedactionError, ViewError, WriteError};
use crate::domain::validation::{Refusal, RefusalCode};
use crate::storage::{AppendError, StorageError};

/// One row of the table of problems.
struct Row {
    code: ProblemCode,
    name: &'static str,
    status: u16,
    title_en: &'static str,
    title_ja: &'static str,
}

macro_rules! problems {
    ($($code:ident $name:literal $status:literal $en:literal $ja:literal;)*) => {
        /// What is wrong, for programs. The names are part of the interface and never change their meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ProblemCode {
            $(#[doc = $en] $code,)*
        }

        const TABLE: &[Row] = &[
            $(Row { code: ProblemCode::$code, name: $name, status: $status, title_en: $en, title_ja: $ja },)*
        ];
    };
}

problems! {
    InvalidRequest "invalid_request" 400 "The request cannot be read" "リクエストを読み取れません";
    InvalidParameter "invalid_parameter" 400 "A parameter is wrong" "パラメーターが正しくありません";
    InvalidQuery "invalid_query" 400 "The query cannot be answered" "照会文を実行できません";
    InvalidCursor "invalid_cursor" 400 "The cursor does not belong to this list" "カーソルがこの一覧のものではありません";
    ForeignHost "foreign_host" 403 "The request was sent to a name that ezu does not answer to" "ezuが応答しないホスト名あてです";
    ForeignOrigin "foreign_origin" 403 "Another site's page may not use ezu" "別のサイトのページからは利用できません";
    NotFound "not_found" 404 "There is no such thing" "見つかりません";
    MethodNotAllowed "method_not_allowed" 405 "This address does not do that" "この操作はできません";
    NotAcceptable "not_acceptable" 406 "The format is not offered here" "この形式では出力できません";
    RequestTimeout "request_timeout" 408 "The request came too slowly" "リクエストの受信に時間がかかりすぎました";
    ImportChanged "import_changed" 409 "The proposal is not the one that was shown" "確認した取込内容から変わっています";
    ImportCommitted "import_committed" 409 "The import was committed already" "取込済みです";
    Conflict "conflict" 409 "Others changed the same fields" "同じ項目が他の人に変更されています";
    KeyReused "idempotency_key_reused" 409 "The idempotency key belongs to another request" "冪等キーは別のリクエストで使用済みです";
    PreconditionFailed "precondition_failed" 412 "The item was changed in the meantime" "その間に変更されています";
    TooLarge "too_large" 413 "The request is larger than the limit" "上限を超える大きさです";
    UnsupportedMediaType "unsupported_media_type" 415 "This content type is not accepted" "受け付けない形式です";
    Refused "refused" 422 "The change set is refused" "変更を受け付けられません";
    Unreadable "unreadable_file" 422 "The file cannot be read" "ファイルを読み取れません";
    LimitExceeded "limit_exceeded" 422 "The question asks for more than the limit" "上限を超えています";
    QueryStopped "query_stopped" 422 "The query was stopped at a limit" "照会が上限に達したため停止しました";
    TooManyRequests "too_many_requests" 429 "Too many requests are waiting" "待ちが多すぎます";
    Internal "internal" 500 "ezu has a fault" "ezuの内部で問題が起きました";
    ReadOnly "read_only" 503 "The ledger is read-only until restart" "台帳は再起動まで読み取り専用です";
    Stopping "stopping" 503 "ezu is stopping" "ezuは停止中です";
    TimedOut "timed_out" 503 "The question took too long" "時間がかかりすぎました";
    ToolMissing "tool_missing" 503 "A program that this needs is not installed" "必要なプログラムがありません";
    DiskFull "disk_full" 507 "No room is left on the disk" "ディスクの空きがありません";
}

impl ProblemCode {
    fn row(self) -> &'static Row {
        TABLE.iter().find(|row| row.code == self).unwrap_or(&TABLE[0])
    }

    /// Its stable name.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// Its status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.row().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// The table of problems for the documentation: name, status, titles in English and Japanese.
pub fn catalogue() -> impl Iterator<Item = (&'static str, u16, &'static str, &'static str)> {
    TABLE.iter().map(|row| (row.name, row.status, row.title_en, row.title_ja))
}

/// A problem as it is sent, `application/problem+json` (RFC 9457 §3).
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Problem {
    /// A URI reference that names the kind of problem; `/docs/problems#<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What kind of problem it is, in English.
    pub title: &'static str,
    /// The same in Japanese.
    pub title_ja: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// A stable name for programs.
    pub code: &'static str,
    /// What is wrong here and what to do.
    pub detail: String,
    /// Everything that is wrong, each with its place in the request.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemError>,
    #[serde(skip)]
    problem: ProblemCode,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// One thing that is wrong.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemError {
    /// A stable name for programs.
    pub code: String,
    /// Where in the request, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What is wrong and what to do.
    pub message: String,
    /// The item it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Other items or fields involved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<String>,
}

impl Problem {
    /// A problem with what is wrong here.
    pub fn new(code: ProblemCode, detail: impl Into<String>) -> Self {
        let row = code.row();
        Self {
            kind: format!("/docs/problems#{}", row.name),
            title: row.title_en,
            title_ja: row.title_ja,
            status: row.status,
            code: row.name,
            detail: detail.into(),
            errors: Vec::new(),
            problem: code,
            retry_after: None,
        }
    }

    /// A wrong parameter.
    pub fn parameter(name: &str, message: impl fmt::Display) -> Self {
        let mut problem = Self::new(ProblemCode::InvalidParameter, format!("{name}: {message}"));
        problem.errors.push(ProblemError {
            code: ProblemCode::InvalidParameter.name().to_owned(),
            pointer: format!("/query/{name}"),
            message: message.to_string(),
            id: None,
            related: Vec::new(),
        });
        problem
    }

    /// Something that is not there.
    pub fn not_found(what: &str, id: &str, similar: Option<String>) -> Self {
        let hint = similar.map_or_else(String::new, |id| format!("; did you mean \"{id}\"?"));
        Self::new(ProblemCode::NotFound, format!("there is no {what} with the id {id:?}{hint}"))
    }

    /// What is wrong with a change set.
    pub fn refusals(code: ProblemCode, refusals: Vec<Refusal>) -> Self {
        let first = refusals.first().map_or_else(String::new, |refusal| refusal.message.clone());
        let more = refusals.len().saturating_sub(1);
        let detail = if more == 0 { first } else { format!("{first} (and {more} more)") };
        let mut problem = Self::new(code, detail);
        problem.errors = refusals.into_iter().map(ProblemError::from).collect();
        problem
    }

    /// The code.
    pub fn code(&self) -> ProblemCode {
        self.problem
    }
}

impl From<Refusal> for ProblemError {
    fn from(refusal: Refusal) -> Self {
        let code = serde_json::to_value(refusal.code).ok().and_then(|name| name.as_str().map(str::to_owned));
        Self {
            code: code.unwrap_or_default(),
            pointer: refusal.pointer,
            message: refusal.message,
            id: refusal.id,
            related: refusal.related,
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let text = error.to_string();
        match error {
            WriteError::Refused(refusals) => {
                let unreadable = refusals.iter().any(|refusal| refusal.code == RefusalCode::InvalidRequest);
                let code = if unreadable { ProblemCode::InvalidRequest } else { ProblemCode::Refused };
                Self::refusals(code, refusals)
            }
            WriteError::Conflict(refusals) => Self::refusals(ProblemCode::Conflict, refusals),
            WriteError::UnknownBase { .. } => Self::new(ProblemCode::InvalidRequest, text),
            WriteError::PreconditionFailed { .. } => Self::new(ProblemCode::PreconditionFailed, text),
            WriteError::KeyReused { .. } => Self::new(ProblemCode::KeyReused, text),
            WriteError::QueueFull => Self { retry_after: Some(1), ..Self::new(ProblemCode::TooManyRequests, text) },
            WriteError::DiskFull(_) => Self { retry_after: Some(60), ..Self::new(ProblemCode::DiskFull, text) },
            WriteError::ReadOnly(_) => Self::new(ProblemCode::ReadOnly, text),
            WriteError::TooLarge { .. } => Self::new(ProblemCode::TooLarge, text),
            WriteError::Failed(_) => Self::new(ProblemCode::Internal, text),
            WriteError::Closed => Self::new(ProblemCode::Stopping, text),
        }
    }
}

impl From<ViewError> for Problem {
    fn from(error: ViewError) -> Self {
        let code = match error {
            ViewError::UnknownRevision { .. } => ProblemCode::NotFound,
            ViewError::Unreadable { .. } => ProblemCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        Self::new(ProblemCode::Internal, error.to_string())
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        let text = error.to_string();
        match error {
            StorageError::Request(_) => Self::new(ProblemCode::InvalidParameter, text),
            error if error.is_disk_full() => Self { retry_after: Some(60), ..Self::new(ProblemCode::DiskFull, text) },
            StorageError::Append(AppendError::ReadOnly(_)) => Self::new(ProblemCode::ReadOnly, text),
            _ => Self::new(ProblemCode::Internal, text),
        }
    }
}

impl From<RedactionError> for Problem {
    fn from(error: RedactionError) -> Self {
        match error {
            RedactionError::Request(text) => Self::new(ProblemCode::InvalidRequest, text),
            RedactionError::NotFound { .. } | RedactionError::Removal(_) => {
                Self::new(ProblemCode::Refused, error.to_string())
            }
            RedactionError::Open(error) => error.into(),
            RedactionError::Storage(error) => error.into(),
            RedactionError::Write(error) => error.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.code, self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse<BoxBody> {
        let mut response = HttpResponse::build(self.status_code());
        response.insert_header((header::CONTENT_TYPE, "application/problem+json"));
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        response.body(serde_json::to_vec(self).unwrap_or_default())
    }
}

/// What a handler answers.
pub type Answer = Result<HttpResponse, Problem>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_row_and_every_name_is_its_own() {
        let mut names: Vec<_> = TABLE.iter().map(|row| row.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), TABLE.len());
        for row in TABLE {
            assert_eq!(row.code.name(), row.name);
            assert!((400..600).contains(&row.status), "{}", row.name);
        }
    }
}
