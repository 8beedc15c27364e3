/// Real conversations, in through REST and back.
package dev.agentserver.e2e.trees;
