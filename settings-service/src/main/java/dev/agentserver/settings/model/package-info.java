/// Who runs models, and which.
package dev.agentserver.settings.model;
