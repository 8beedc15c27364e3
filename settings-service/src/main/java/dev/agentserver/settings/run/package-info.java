/// The tokens by which workers act for runs, and what runs may use.
package dev.agentserver.settings.run;
