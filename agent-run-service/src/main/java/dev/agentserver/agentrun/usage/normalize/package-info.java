/// How the reports of providers become disjoint units. What each provider means by its fields is
/// data: `usage/extractors.json`.
package dev.agentserver.agentrun.usage.normalize;
