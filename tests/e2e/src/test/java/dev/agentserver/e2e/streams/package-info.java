/// Answers that are written token by token and followed live, over deaths, stalls and many clients.
package dev.agentserver.e2e.streams;
