mod keys;
mod list;
mod refreshing;
mod support;
