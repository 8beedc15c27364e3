/// What agents work in: projects and sessions.
package dev.agentserver.e2e.session;
