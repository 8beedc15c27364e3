/// The official clients of other languages.
package dev.agentserver.e2e.clients;
