/// What was done and what was refused, written so that it cannot be taken back.
package dev.agentserver.kit.audit;
