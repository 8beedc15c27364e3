/// Who answers: agents, and how each of their versions works.
package dev.agentserver.agentrun.agent;
