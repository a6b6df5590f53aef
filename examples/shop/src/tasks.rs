//! What is not settled yet: one row for each open order, refund and transfer, claimed by one worker at a time.
//!
//! - `look_at` is the schedule and the lease in one: claiming a row moves it into the future. If the worker dies, the row
//!   becomes due again by itself.
//! - `claim` counts the claims. A worker that was paused for longer than its lease has an old count, and then it can neither
//!   send nor finish.

use crate::{Result, clock, database::Database};
use sqlx::{Any, Transaction};
use std::time::{Duration, SystemTime};
use wechatpay_core::{Error, Outcome, settle::Stage};

/// What a number belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An order (商户订单号).
    Order,
    /// A refund (商户退款单号).
    Refund,
    /// A transfer (商户单号).
    Transfer,
}

impl Kind {
    const ALL: [(Self, &str); 3] = [
        (Self::Order, "order"),
        (Self::Refund, "refund"),
        (Self::Transfer, "transfer"),
    ];

    fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(kind, _)| *kind == self)
            .map_or("", |(_, name)| name)
    }
}

/// A claimed row.
#[derive(Debug, Clone)]
pub struct Task {
    /// The business number.
    pub number: String,
    /// What it belongs to.
    pub kind: Kind,
    /// What was sent last, if anything.
    pub stage: Option<Stage>,
    /// When the row was written, in milliseconds.
    pub created: i64,
    claim: i64,
}

/// PostgreSQL: `SKIP LOCKED` lets workers claim at the same time without waiting for each other.
const CLAIM_POSTGRES: &str = "WITH due AS (SELECT number FROM tasks WHERE look_at <= $1 ORDER BY look_at LIMIT $2 FOR UPDATE SKIP LOCKED) \
     UPDATE tasks SET look_at = $3, claim = claim + 1 WHERE number IN (SELECT number FROM due) \
     RETURNING number, kind, stage, created, claim";

/// SQLite: one statement is one transaction, and there is one writer at a time.
const CLAIM_SQLITE: &str = "WITH due AS (SELECT number FROM tasks WHERE look_at <= $1 ORDER BY look_at LIMIT $2) \
     UPDATE tasks SET look_at = $3, claim = claim + 1 WHERE number IN (SELECT number FROM due) \
     RETURNING number, kind, stage, created, claim";

/// Adds a row that is due at once, in the transaction that writes the order.
///
/// # Errors
///
/// The database fails.
pub async fn add(transaction: &mut Transaction<'static, Any>, kind: Kind, number: &str) -> Result {
    sqlx::query("INSERT INTO tasks (number, kind, look_at, created) VALUES ($1, $2, $3, $3)")
        .bind(number)
        .bind(kind.name())
        .bind(clock::now())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}

/// Claims at most `limit` rows that are due, for the length of a lease.
///
/// # Errors
///
/// The database fails.
pub async fn claim(database: &Database, limit: i64, lease: Duration) -> Result<Vec<Task>> {
    let statement = if database.is_postgres() {
        CLAIM_POSTGRES
    } else {
        CLAIM_SQLITE
    };
    let now = clock::now();
    let rows: Vec<(String, String, Option<i64>, i64, i64)> = sqlx::query_as(statement)
        .bind(now)
        .bind(limit)
        .bind(now + clock::milliseconds(lease))
        .fetch_all(database.pool())
        .await?;
    rows.into_iter()
        .map(|(number, kind, stage, created, claim)| {
            let known = Kind::ALL.iter().find(|(_, name)| *name == kind);
            let (kind, _) = *known.ok_or_else(|| format!("{number} is a {kind}, which this version does not know"))?;
            let stage = stage.map(Stage::from);
            Ok(Task {
                number,
                kind,
                stage,
                created,
                claim,
            })
        })
        .collect()
}

/// Saves the stage before something is sent. If this fails, nothing is sent.
///
/// # Errors
///
/// The database fails, or another worker has claimed the row since.
pub async fn record(database: &Database, task: &Task, stage: Stage) -> Result {
    let updated = sqlx::query("UPDATE tasks SET stage = $1 WHERE number = $2 AND claim = $3")
        .bind(i64::from(stage))
        .bind(&task.number)
        .bind(task.claim)
        .execute(database.pool())
        .await?;
    match updated.rows_affected() {
        1 => Ok(()),
        _ => Err(format!("{} is not this worker's any more", task.number).into()),
    }
}

/// The stage of a request that is sent now.
#[must_use]
pub fn now() -> Stage {
    Stage::sent_at(SystemTime::now())
}

/// Whether a row whose request came to nothing is tried again: nothing left this machine, because the database, the network or
/// the signer was away. Only a refusal of the service ends a row.
#[must_use]
pub fn may_be_tried_again(error: &Error) -> bool {
    error.outcome() != Outcome::Rejected
}

/// Gives a claimed row back until it is due again.
///
/// # Errors
///
/// The database fails.
pub async fn later(database: &Database, task: &Task, after: Duration) -> Result {
    sqlx::query("UPDATE tasks SET look_at = $1 WHERE number = $2 AND claim = $3")
        .bind(clock::now() + clock::milliseconds(after))
        .bind(&task.number)
        .bind(task.claim)
        .execute(database.pool())
        .await?;
    Ok(())
}

/// Removes a claimed row, in the transaction that writes the final state. `false`: another worker has claimed it, or it is
/// settled already; then the caller changes nothing.
///
/// Whoever changes a state takes this row before the row of the order, so two transactions cannot block each other.
///
/// # Errors
///
/// The database fails.
pub async fn finish(transaction: &mut Transaction<'static, Any>, task: &Task) -> Result<bool> {
    let deleted = sqlx::query("DELETE FROM tasks WHERE number = $1 AND claim = $2")
        .bind(&task.number)
        .bind(task.claim)
        .execute(&mut **transaction)
        .await?;
    Ok(deleted.rows_affected() == 1)
}

/// Removes a row even if a worker has claimed it: a notification has settled it.
///
/// # Errors
///
/// The database fails.
pub async fn settled(transaction: &mut Transaction<'static, Any>, number: &str) -> Result {
    sqlx::query("DELETE FROM tasks WHERE number = $1")
        .bind(number)
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
