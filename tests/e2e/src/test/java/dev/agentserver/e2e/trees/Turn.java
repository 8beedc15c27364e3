package dev.agentserver.e2e.trees;

/// One turn of a conversation.
record Turn(String role, String text) {}
