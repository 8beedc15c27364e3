/// What usage costs, as a browser and a spreadsheet see it.
package dev.agentserver.e2e.usage;
