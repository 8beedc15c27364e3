/// What business intelligence reads.
package dev.agentserver.agentrun.bi;
