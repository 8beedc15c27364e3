/// What calls of models used: quantities by disjoint unit, without any price.
package dev.agentserver.agentrun.usage;
