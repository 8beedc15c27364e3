/// Keeps feature flags: changes, their history, what is made later.
package dev.agentserver.settings.flag.manage;
