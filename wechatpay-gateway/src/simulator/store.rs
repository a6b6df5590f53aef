//! The state file: every change is on disk before it is acknowledged.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use redb::{
    Database, DatabaseError, Durability, ReadableDatabase as _, ReadableTable as _, StorageError, TableDefinition,
    TableError, TableHandle as _,
};
use serde::{Deserialize, Serialize};

use crate::{
    ledger::LedgerRow,
    simulator::{
        error::StateError,
        state::{Changeset, Tables},
    },
};

/// Rows by table and place: `orders/00000000000000000007`.
const ROWS: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("wechatpay-gateway");

/// The key of the row that says what the file is.
const HEADER: &str = "header";

/// The format of the rows.
const FORMAT: u32 = 1;

/// The name of the ledger's rows.
const LEDGER: &str = "ledger";

#[derive(Serialize, Deserialize)]
struct Header {
    format: u32,
    mchid: String,
}

/// An open state file.
pub(crate) struct Store {
    path: PathBuf,
    database: Database,
}

/// What a state file holds.
#[derive(Default)]
pub(crate) struct Kept {
    pub(crate) tables: Tables,
    pub(crate) ledger: Vec<LedgerRow>,
}

impl Store {
    /// Opens a state file, or makes a new one.
    pub(crate) fn open(path: &Path, mchid: &str) -> Result<(Self, Kept), StateError> {
        // What is not a database must stay as it is, so a file that is there is never created anew.
        let is_new = !path.exists();
        let open = || {
            if is_new {
                Database::create(path)
            } else {
                Database::open(path)
            }
        };
        // A damaged file can break assumptions of the database library.
        let database = catch_unwind(AssertUnwindSafe(open)).map_err(|_| damaged(path))?;
        let store = Self {
            path: path.to_owned(),
            database: database.map_err(|error| cannot_open(path, &error))?,
        };
        let kept = catch_unwind(AssertUnwindSafe(|| store.read(mchid))).map_err(|_| damaged(path))??;
        if let Some(kept) = kept {
            return Ok((store, kept));
        }
        let header = Header {
            format: FORMAT,
            mchid: mchid.to_owned(),
        };
        let header = serde_json::to_vec(&header).map_err(|error| store.cannot_write(&error))?;
        store.commit(&[(HEADER.to_owned(), Some(header))])?;
        Ok((store, Kept::default()))
    }

    /// What the file holds; nothing when it has just been made.
    fn read(&self, mchid: &str) -> Result<Option<Kept>, StateError> {
        let damaged = |_| damaged(&self.path);
        let transaction = self.database.begin_read().map_err(|_| damaged(()))?;
        let rows = match transaction.open_table(ROWS) {
            Ok(rows) => rows,
            Err(TableError::TableDoesNotExist(_)) => {
                let mut others = transaction.list_tables().map_err(|_| damaged(()))?;
                return match others.next().map(|table| table.name().to_owned()) {
                    None => Ok(None),
                    Some(_) => Err(foreign(&self.path)),
                };
            }
            Err(_) => return Err(foreign(&self.path)),
        };
        let header = rows.get(HEADER).map_err(|_| damaged(()))?;
        let header = header.and_then(|row| serde_json::from_slice::<Header>(row.value()).ok());
        let header = header.ok_or_else(|| foreign(&self.path))?;
        self.check(&header, mchid)?;
        let mut kept = Kept::default();
        for row in rows.iter().map_err(|_| damaged(()))? {
            let (key, json) = row.map_err(|_| damaged(()))?;
            if key.value() == HEADER {
                continue;
            }
            let (table, place) = key.value().split_once('/').ok_or_else(|| damaged(()))?;
            let place = place.parse().map_err(|_| damaged(()))?;
            if table == LEDGER {
                let row = LedgerRow::from_json(place, json.value()).map_err(|_| damaged(()))?;
                kept.ledger.push(row);
            } else if !kept.tables.read(table, place, json.value()).map_err(|_| damaged(()))? {
                return Err(damaged(()));
            }
        }
        Ok(Some(kept))
    }

    fn check(&self, header: &Header, mchid: &str) -> Result<(), StateError> {
        let path = self.path.display();
        if header.format != FORMAT {
            let format = header.format;
            return Err(StateError::File {
                english: format!(
                    "the state file {path} has format {format}, and this version of the gateway reads format \
                     {FORMAT}: start it with another file"
                ),
                chinese: format!(
                    "状态文件 {path} 的格式为 {format}，当前版本的网关只支持格式 {FORMAT}，请换一个文件启动"
                ),
            });
        }
        if header.mchid != mchid {
            let owner = &header.mchid;
            return Err(StateError::File {
                english: format!(
                    "the state file {path} belongs to merchant {owner}, not to {mchid}: start the gateway with \
                     another file, or for that merchant"
                ),
                chinese: format!(
                    "状态文件 {path} 属于商户 {owner}，不属于 {mchid}，请换一个文件，或以该商户号启动网关"
                ),
            });
        }
        Ok(())
    }

    /// Writes what an operation changed. When this returns, it survives a crash.
    pub(crate) fn write(&self, changes: &Changeset) -> Result<(), StateError> {
        let mut rows = Vec::new();
        let mut add = |table: &str, place: u64, json| rows.push((format!("{table}/{place:020}"), json));
        changes
            .tables
            .write(&mut add)
            .map_err(|error| self.cannot_write(&error))?;
        for row in &changes.ledger {
            let json = row.to_json().map_err(|error| self.cannot_write(&error))?;
            add(LEDGER, row.place, Some(json));
        }
        if rows.is_empty() {
            return Ok(());
        }
        self.commit(&rows)
    }

    /// Writes these tables in place of everything.
    pub(crate) fn replace(&self, tables: &Tables) -> Result<(), StateError> {
        let mut rows = Vec::new();
        let mut add = |table: &str, place: u64, json| rows.push((format!("{table}/{place:020}"), json));
        tables.write(&mut add).map_err(|error| self.cannot_write(&error))?;
        for key in self.keys().map_err(|error| self.cannot_write(&error))? {
            if key != HEADER && rows.iter().all(|(kept, _)| *kept != key) {
                rows.push((key, None));
            }
        }
        self.commit(&rows)
    }

    /// The key of every row.
    fn keys(&self) -> Result<Vec<String>, redb::Error> {
        let rows = self.database.begin_read()?.open_table(ROWS)?;
        let mut keys = Vec::new();
        for row in rows.iter()? {
            keys.push(row?.0.value().to_owned());
        }
        Ok(keys)
    }

    fn commit(&self, rows: &[(String, Option<Vec<u8>>)]) -> Result<(), StateError> {
        // The library must not bring the gateway down when the disk breaks under it.
        catch_unwind(AssertUnwindSafe(|| self.try_commit(rows)))
            .unwrap_or_else(|_| Err(redb::Error::Corrupted("the write failed".to_owned())))
            .map_err(|error| self.cannot_write(&error))
    }

    fn try_commit(&self, rows: &[(String, Option<Vec<u8>>)]) -> Result<(), redb::Error> {
        let mut transaction = self.database.begin_write()?;
        transaction.set_durability(Durability::Immediate)?;
        {
            let mut table = transaction.open_table(ROWS)?;
            for (key, json) in rows {
                match json {
                    Some(json) => table.insert(key.as_str(), json.as_slice())?,
                    None => table.remove(key.as_str())?,
                };
            }
        }
        transaction.commit()?;
        Ok(())
    }

    fn cannot_write(&self, error: &dyn std::error::Error) -> StateError {
        let path = self.path.display();
        StateError::File {
            english: format!(
                "the state file {path} cannot be written, so nothing was changed: {error}. Make room on the disk and \
                 start the gateway again"
            ),
            chinese: format!("状态文件 {path} 无法写入，本次操作没有生效：{error}。请清理磁盘空间后重新启动网关"),
        }
    }
}

fn cannot_open(path: &Path, error: &DatabaseError) -> StateError {
    let shown = path.display();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StateError::File {
            english: format!("another program uses the state file {shown}: end it, or choose another file"),
            chinese: format!("状态文件 {shown} 正被另一个程序使用，请先结束该程序，或换一个文件"),
        },
        DatabaseError::Storage(StorageError::Io(error))
            if error.kind() != std::io::ErrorKind::InvalidData && error.kind() != std::io::ErrorKind::UnexpectedEof =>
        {
            StateError::File {
                english: format!("the state file {shown} cannot be opened: {error}"),
                chinese: format!("状态文件 {shown} 无法打开：{error}"),
            }
        }
        _ => damaged(path),
    }
}

fn damaged(path: &Path) -> StateError {
    let path = path.display();
    StateError::File {
        english: format!(
            "{path} is no state file of the gateway, or it is damaged. It was left as it is: choose another file"
        ),
        chinese: format!("{path} 不是网关的状态文件，或已损坏。文件未被改动，请换一个文件"),
    }
}

fn foreign(path: &Path) -> StateError {
    let path = path.display();
    StateError::File {
        english: format!("{path} is a file of another program. It was left as it is: choose another file"),
        chinese: format!("{path} 是其他程序的文件。文件未被改动，请换一个文件"),
    }
}
