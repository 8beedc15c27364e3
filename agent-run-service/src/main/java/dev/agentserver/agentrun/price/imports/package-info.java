/// Files of prices that others publish, and what is wrong with them.
package dev.agentserver.agentrun.price.imports;
