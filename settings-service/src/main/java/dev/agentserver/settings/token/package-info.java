/// Credentials in, access tokens out: the keys that sign them, and what is answered about the
/// caller.
package dev.agentserver.settings.token;
