package dev.agentserver.settings.credential;

import dev.agentserver.kit.config.Secret;

/// A credential with its value.
public record Opened(Credential credential, Secret value) {}
