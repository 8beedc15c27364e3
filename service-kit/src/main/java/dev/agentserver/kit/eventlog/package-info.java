/// Streams of events that are kept in a table: watched, polled, and written to by many at once.
///
/// A watcher reads committed rows and nothing else. A doorbell says that there are some, inside the
/// process by memory and between processes by NOTIFY; whoever misses it is healed within a second.
package dev.agentserver.kit.eventlog;
