/// The first tenant, the first owner, and the first credentials: what nobody is there yet to ask
/// for.
package dev.agentserver.settings.bootstrap;
