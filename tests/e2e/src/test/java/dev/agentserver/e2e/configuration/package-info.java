/// Configuration that is changed while everything runs, and dies.
package dev.agentserver.e2e.configuration;
