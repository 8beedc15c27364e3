/// A tenant's configuration: values of settings, how they are changed, and how they are followed.
package dev.agentserver.settings.configuration;
