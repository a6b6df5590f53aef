//! The clients of several merchants, found by merchant number and by key.

use super::handle::Client;
use crate::{
    key_store::{Need, Watcher, may_name_certificate},
    keys::{PublicKey, SerialNo},
};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    ops::Bound,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak},
    time::Duration,
};
use tokio::time::{Instant, timeout_at};

/// The clients of several merchants. Merchants are added and removed while the program runs.
///
/// [`notifications`](Self::notifications) receives the notifications of all of them at one URL. Cheap to clone; the
/// clones share the merchants.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{client::Clients, notification::payload::Transaction};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let [first, second] = [
///     Gateway::builder().mchid("1900000101").start()?,
///     Gateway::builder().mchid("1900000102").start()?,
/// ];
/// let clients = Clients::new();
/// clients.add(first.client()?);
/// clients.add(second.client()?);
/// assert_eq!((clients.len(), clients.is_empty()), (2, false));
///
/// let receiver = clients.notifications();
/// let resource = json!({ "mchid": second.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let posted = second.notification("TRANSACTION.SUCCESS", resource).sign()?;
/// let notification = receiver.receive::<Transaction>(posted.headers(), posted.body()).await?;
/// assert_eq!(notification.mchid, "1900000102");
///
/// // The client of that merchant, for what follows.
/// let client = clients.get(&notification.mchid).ok_or("removed meanwhile")?;
/// assert_eq!(client.mchid(), "1900000102");
///
/// assert!(clients.remove("1900000102").is_some());
/// assert!(receiver.receive::<Transaction>(posted.headers(), posted.body()).await.is_err());
/// clients.add(second.client()?);
/// # Ok(()) }
/// ```
#[derive(Clone, Default)]
pub struct Clients(Arc<Shared>);

#[derive(Default)]
struct Shared {
    members: RwLock<Members>,
    /// The merchants whose keys have changed since the index was made.
    changed: Mutex<Vec<Arc<str>>>,
    search: tokio::sync::Mutex<Search>,
}

/// In the order of their numbers.
pub(crate) type ByMchid = BTreeMap<Arc<str>, Client>;

#[derive(Default)]
struct Members {
    all: BTreeMap<Arc<str>, Member>,
    /// Those that download platform certificates.
    downloading: Arc<ByMchid>,
    /// Who has a key of this id. Merchants have platform certificates in common.
    by_serial: HashMap<SerialNo, Vec<Holders>>,
}

struct Member {
    client: Client,
    /// Its keys in `by_serial`.
    serials: Vec<SerialNo>,
    /// The client's key store calls it as long as it lives.
    _watcher: Arc<Watcher>,
}

/// The clients that have the same key under the same id, and name the same scheme.
struct Holders {
    key: PublicKey,
    scheme: &'static str,
    clients: Arc<ByMchid>,
}

/// The search for an unknown serial number.
#[derive(Default)]
struct Search {
    not_before: Option<Instant>,
    /// Who downloaded last. The next one in order is the next.
    last: Option<Arc<str>>,
}

/// An unknown serial number causes one download per this time, however many merchants there are.
const COOLDOWN: Duration = Duration::from_secs(60);

/// When no client may download at the moment, this passes before they are asked again.
const PAUSE: Duration = Duration::from_secs(1);

impl Clients {
    /// No clients yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the client of a merchant and returns the one that it replaces.
    pub fn add(&self, client: Client) -> Option<Client> {
        let mchid: Arc<str> = client.mchid().into();
        // Watched before it is indexed, so that no change of its keys is missed.
        let watcher = self.watcher(&mchid);
        client.context.keys.watchers.add(&watcher);
        let mut members = self.0.write();
        let replaced = members.remove(&mchid);
        members.insert(
            mchid,
            Member {
                client,
                serials: Vec::new(),
                _watcher: watcher,
            },
        );
        replaced
    }

    /// Removes the client of a merchant number (商户号), or of a brand's id, and returns it. What is under way goes on.
    pub fn remove(&self, mchid: &str) -> Option<Client> {
        self.0.write().remove(mchid)
    }

    /// The client of a merchant number (商户号), or of a brand's id.
    #[must_use]
    pub fn get(&self, mchid: &str) -> Option<Client> {
        self.0.read().all.get(mchid).map(|member| member.client.clone())
    }

    /// All clients, in the order of their numbers: for a job that runs for each merchant.
    ///
    /// ```
    /// use wechatpay_core::client::Clients;
    /// use wechatpay_gateway::Gateway;
    ///
    /// let clients: Clients = ["1900000102", "1900000101"]
    ///     .into_iter()
    ///     .map(|mchid| Gateway::builder().mchid(mchid).start()?.client().map_err(std::io::Error::other))
    ///     .collect::<Result<_, _>>()?;
    /// let numbers: Vec<_> = clients.all().iter().map(|client| client.mchid().to_owned()).collect();
    /// assert_eq!(numbers, ["1900000101", "1900000102"]);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn all(&self) -> Vec<Client> {
        self.0.read().all.values().map(|member| member.client.clone()).collect()
    }

    /// How many clients there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.read().all.len()
    }

    /// Whether there are no clients.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// One of them, whichever.
    pub(crate) fn any(&self) -> Option<Client> {
        self.0.read().all.values().next().map(|member| member.client.clone())
    }

    /// The clients that download platform certificates.
    pub(crate) fn downloading(&self) -> Arc<ByMchid> {
        Arc::clone(&self.0.read().downloading)
    }

    /// Who has a key of this id, by key: usually there is one key. Empty when the id is unknown.
    pub(crate) fn holders(&self, serial: &str) -> Vec<Arc<ByMchid>> {
        let serial = SerialNo::new(serial);
        self.0.reindex();
        let members = self.0.read();
        let holders = members.by_serial.get(&serial);
        holders
            .into_iter()
            .flatten()
            .map(|holders| Arc::clone(&holders.clients))
            .collect()
    }

    /// Lets one client download its platform certificates, because no client knows this serial number. The next search
    /// uses the next client. Returns the client that downloaded last.
    ///
    /// Anyone can send a notification with any serial number, so searches are rate limited. Concurrent searches wait
    /// for the running one, at most until `deadline`.
    pub(crate) async fn search(&self, serial: &str, deadline: Instant) -> Option<Client> {
        if !may_name_certificate(&SerialNo::new(serial)) {
            return None;
        }
        let mut search = timeout_at(deadline, self.0.search.lock()).await.ok()?;
        let now = Instant::now();
        if search.not_before.is_none_or(|not_before| now >= not_before) && self.holders(serial).is_empty() {
            if let Some((mchid, client)) = self.next_to_download(search.last.as_ref(), now) {
                search.not_before = now.checked_add(COOLDOWN);
                search.last = Some(mchid);
                // When the time is up, the download itself goes on.
                let _ = timeout_at(deadline, client.context.verification_key(serial, Need::Notification)).await;
            } else {
                search.not_before = now.checked_add(PAUSE);
            }
        }
        search.last.as_deref().and_then(|last| self.get(last))
    }

    fn next_to_download(&self, last: Option<&Arc<str>>, now: Instant) -> Option<(Arc<str>, Client)> {
        let clients = self.downloading();
        let after = last.map_or(Bound::Unbounded, |last| Bound::Excluded(Arc::clone(last)));
        let in_turn = clients.range((after, Bound::Unbounded)).chain(clients.iter());
        let may = |client: &Client| client.context.keys.allows_download(now.into_std(), Need::Notification);
        in_turn
            .filter(|(_, client)| may(client))
            .map(|(mchid, client)| (Arc::clone(mchid), client.clone()))
            .next()
    }

    fn watcher(&self, mchid: &Arc<str>) -> Arc<Watcher> {
        let (shared, mchid): (Weak<Shared>, _) = (Arc::downgrade(&self.0), Arc::clone(mchid));
        Arc::new(move || {
            if let Some(shared) = shared.upgrade() {
                shared.changed().push(Arc::clone(&mchid));
            }
        })
    }
}

// No code panics while it holds one of the locks.
impl Shared {
    fn read(&self) -> RwLockReadGuard<'_, Members> {
        self.members.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Members> {
        self.members.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) -> MutexGuard<'_, Vec<Arc<str>>> {
        self.changed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Updates the index. It holds the lock on the list, so that a reader after a change never sees the old index.
    fn reindex(&self) {
        let mut changed = self.changed();
        if changed.is_empty() {
            return;
        }
        let mut members = self.write();
        for mchid in changed.drain(..) {
            if let Some(member) = members.all.remove(&mchid) {
                members.forget(&mchid, &member);
                members.insert(mchid, member);
            }
        }
    }
}

impl Members {
    fn insert(&mut self, mchid: Arc<str>, mut member: Member) {
        let client = &member.client;
        let keys = client.context.keys.snapshot();
        let scheme = client.context.identity.scheme();
        member.serials = keys.ids().map(|(serial, _)| serial.clone()).collect();
        for (serial, key) in keys.ids() {
            let holders = self.by_serial.entry(serial.clone()).or_default();
            let is_same = |holders: &&mut Holders| holders.scheme == scheme && holders.key.is_same(key);
            match holders.iter_mut().find(is_same) {
                Some(same) => {
                    Arc::make_mut(&mut same.clients).insert(Arc::clone(&mchid), client.clone());
                }
                None => holders.push(Holders {
                    key: key.clone(),
                    scheme,
                    clients: Arc::new(BTreeMap::from([(Arc::clone(&mchid), client.clone())])),
                }),
            }
        }
        if client.context.keys.can_refresh() {
            Arc::make_mut(&mut self.downloading).insert(Arc::clone(&mchid), client.clone());
        }
        self.all.insert(mchid, member);
    }

    fn remove(&mut self, mchid: &str) -> Option<Client> {
        let member = self.all.remove(mchid)?;
        self.forget(mchid, &member);
        if member.client.context.keys.can_refresh() {
            Arc::make_mut(&mut self.downloading).remove(mchid);
        }
        Some(member.client)
    }

    /// Takes a member out of the index of keys.
    fn forget(&mut self, mchid: &str, member: &Member) {
        for serial in &member.serials {
            let Some(holders) = self.by_serial.get_mut(serial) else {
                continue;
            };
            for holders in &mut *holders {
                Arc::make_mut(&mut holders.clients).remove(mchid);
            }
            holders.retain(|holders| !holders.clients.is_empty());
            if holders.is_empty() {
                self.by_serial.remove(serial);
            }
        }
    }
}

impl FromIterator<Client> for Clients {
    fn from_iter<I: IntoIterator<Item = Client>>(clients: I) -> Self {
        let collected = Self::new();
        for client in clients {
            collected.add(client);
        }
        collected
    }
}

impl fmt::Debug for Clients {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}
