/// Where files have their bytes: a store of its own, or the one that the environment names.
package dev.agentserver.allinone.object;
