/// The tokens by which workers act for runs.
package dev.agentserver.settings.run;
