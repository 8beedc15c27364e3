/// Who is believed, and what happens when nobody can be asked.
package dev.agentserver.e2e.identity;
