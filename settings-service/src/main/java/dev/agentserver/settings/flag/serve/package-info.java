/// What every protocol that flags are served by has in common.
package dev.agentserver.settings.flag.serve;
