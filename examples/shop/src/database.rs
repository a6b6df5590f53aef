//! The database: SQLite or PostgreSQL, as the URL says. All statements but two are the same for both.

use crate::Result;
use sqlx::{Any, AnyPool, Transaction, any::AnyPoolOptions};
use std::time::Duration;

/// Each runs once, in this order. A new version of the shop adds one at the end, and never changes one.
const MIGRATIONS: [&str; 7] = [
    // `checkout` is the key of one checkout: two quick clicks insert one row. Amounts are integers of fen.
    "CREATE TABLE orders (out_trade_no TEXT PRIMARY KEY, checkout TEXT NOT NULL UNIQUE, item TEXT NOT NULL, \
     total BIGINT NOT NULL, refunded BIGINT NOT NULL DEFAULT 0, state TEXT NOT NULL, code_url TEXT, transaction_id TEXT, \
     openid TEXT, day TEXT, created BIGINT NOT NULL)",
    "CREATE TABLE refunds (out_refund_no TEXT PRIMARY KEY, request TEXT NOT NULL UNIQUE, out_trade_no TEXT NOT NULL, \
     refund BIGINT NOT NULL, total BIGINT NOT NULL, state TEXT NOT NULL, day TEXT NOT NULL, created BIGINT NOT NULL)",
    "CREATE TABLE transfers (out_bill_no TEXT PRIMARY KEY, out_trade_no TEXT NOT NULL UNIQUE, openid TEXT NOT NULL, \
     amount BIGINT NOT NULL, state TEXT NOT NULL, package_info TEXT, created BIGINT NOT NULL)",
    // What is not settled yet. `stage` is null until something is sent; see tasks.rs for `look_at` and `claim`.
    "CREATE TABLE tasks (number TEXT PRIMARY KEY, kind TEXT NOT NULL, stage BIGINT, look_at BIGINT NOT NULL, \
     claim BIGINT NOT NULL DEFAULT 0, created BIGINT NOT NULL)",
    "CREATE INDEX tasks_due ON tasks (look_at)",
    // The primary keys make a notification, and a change of state, happen once.
    "CREATE TABLE notifications (id TEXT PRIMARY KEY, number TEXT NOT NULL, state TEXT NOT NULL, received BIGINT NOT NULL)",
    "CREATE TABLE history (number TEXT NOT NULL, state TEXT NOT NULL, cause TEXT NOT NULL, at BIGINT NOT NULL, \
     PRIMARY KEY (number, state))",
];

/// A pool of connections.
#[derive(Debug, Clone)]
pub struct Database {
    pool: AnyPool,
    postgres: bool,
}

impl Database {
    /// Connects, and creates or updates the tables.
    ///
    /// # Errors
    ///
    /// The database cannot be reached, or a statement fails.
    pub async fn open(url: &str) -> Result<Self> {
        sqlx::any::install_default_drivers();
        let postgres = url.starts_with("postgres");
        // Each connection to an in-memory database opens a separate, empty database.
        let connections = if url.contains(":memory:") { 1 } else { 8 };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(Duration::from_secs(5))
            .after_connect(move |connection, _| {
                Box::pin(async move {
                    if !postgres {
                        for pragma in [
                            "PRAGMA busy_timeout = 5000",
                            "PRAGMA journal_mode = WAL",
                            "PRAGMA synchronous = FULL",
                        ] {
                            sqlx::raw_sql(pragma).execute(&mut *connection).await?;
                        }
                    }
                    Ok(())
                })
            })
            .connect(url)
            .await?;
        let database = Self { pool, postgres };
        database.migrate().await?;
        Ok(database)
    }

    /// Whether it is PostgreSQL.
    #[must_use]
    pub fn is_postgres(&self) -> bool {
        self.postgres
    }

    /// For single statements.
    #[must_use]
    pub fn pool(&self) -> &AnyPool {
        &self.pool
    }

    /// Begins a transaction. Dropped without a commit, it changes nothing.
    ///
    /// SQLite has one writer at a time. `IMMEDIATE` waits for it here; a transaction that reads first and becomes a writer
    /// later would fail instead of waiting.
    ///
    /// # Errors
    ///
    /// The database cannot be reached.
    pub async fn begin(&self) -> Result<Transaction<'static, Any>> {
        let begin = if self.postgres { "BEGIN" } else { "BEGIN IMMEDIATE" };
        Ok(self.pool.begin_with(begin).await?)
    }

    async fn migrate(&self) -> Result {
        let mut transaction = self.begin().await?;
        if self.postgres {
            // Several processes start at once: one migrates, the others wait for it.
            sqlx::raw_sql("SELECT pg_advisory_xact_lock(7309)")
                .execute(&mut *transaction)
                .await?;
        }
        sqlx::query("CREATE TABLE IF NOT EXISTS migrations (version BIGINT PRIMARY KEY)")
            .execute(&mut *transaction)
            .await?;
        let done: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM migrations")
            .fetch_one(&mut *transaction)
            .await?;
        for (version, migration) in (1_i64..).zip(MIGRATIONS).filter(|(version, _)| *version > done) {
            sqlx::query(migration).execute(&mut *transaction).await?;
            sqlx::query("INSERT INTO migrations (version) VALUES ($1)")
                .bind(version)
                .execute(&mut *transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Writes a change of state into the history.
///
/// # Errors
///
/// The database fails.
pub async fn note(transaction: &mut Transaction<'static, Any>, number: &str, state: &str, cause: &str) -> Result {
    sqlx::query("INSERT INTO history (number, state, cause, at) VALUES ($1, $2, $3, $4)")
        .bind(number)
        .bind(state)
        .bind(cause)
        .bind(crate::clock::now())
        .execute(&mut **transaction)
        .await?;
    Ok(())
}
