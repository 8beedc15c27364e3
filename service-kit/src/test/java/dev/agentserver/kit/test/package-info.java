/// What every service tests with: a real PostgreSQL, tokens, a server with every interceptor.
package dev.agentserver.kit.test;
