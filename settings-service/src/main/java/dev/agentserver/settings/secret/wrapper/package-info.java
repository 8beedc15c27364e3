/// Where master keys are kept.
package dev.agentserver.settings.secret.wrapper;
