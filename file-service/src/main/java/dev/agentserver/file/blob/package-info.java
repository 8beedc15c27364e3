/// The bytes behind files: kept once in a tenant, counted against quotas, gone with their last
// file.
package dev.agentserver.file.blob;
