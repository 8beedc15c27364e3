/// What settings mean and which values they may have.
package dev.agentserver.settings.definition;
