/// Translations between protobuf's values and ours.
package dev.agentserver.settings.text;
