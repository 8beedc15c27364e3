/// Makes typed tables from migrations. Runs during the build only, in a process of its own.
package dev.agentserver.codegen;
